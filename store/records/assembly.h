#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "store/records/records_impl.h"

namespace archive {

/// Brings the dossiers, items and persons of one batch to what was assembled, touching
/// only what differs, so that a second run with the same result changes nothing and no
/// page is indexed for nothing. REQUIRES: in a transaction.
class Assembly {
 public:
  Assembly(Records::Impl& impl, BatchNumber batch);
  void bring_to(const Records::Assembled& assembled);

 private:
  /// Where a page belongs.
  struct Place {
    DossierNumber dossier = 0;
    ItemNumber item = 0;
    std::int64_t page_of_item = 0;
    std::int64_t page_of_dossier = 0;
    PageNumber replaced_by = 0;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct KnownItem {
    ItemNumber number = 0;
    DossierNumber dossier = 0;
    int sequence = 0;
  };
  using Mention = std::tuple<PageNumber, PersonNumber, std::string, std::string>;

  DossierNumber put_dossier(const DossierRecord& dossier);
  void put_facts(DossierNumber dossier, DossierFacts facts);
  void put_vouchers(DossierNumber dossier, std::vector<VoucherFact> vouchers);
  void read_items();
  void make_way(const std::vector<Records::AssembledDossier>& dossiers);
  std::map<int, ItemNumber> put_items(DossierNumber dossier, const DossierRecord& record);
  void place_pages(DossierNumber dossier, const std::map<int, ItemNumber>& items,
                   const std::vector<Records::AssembledPage>& pages);
  PersonNumber person_of(DossierNumber dossier, const Records::PersonMention& mention);

  void place_replaced(const std::map<PageNumber, PageNumber>& replaced);
  void empty_merged(const std::map<std::string, std::string>& merged);
  void write_conflicts(const std::map<ArrangementNumber, std::string>& conflicts);
  void mark(std::string_view reason, const std::set<PageNumber>& pages);
  PageNumber first_page_of(const std::string& dossier_key);
  void write_places();
  void write_mentions();
  void remove_leftovers();
  void mark_changed();

  Records::Impl& impl_;
  Database& database_;
  BatchNumber batch_;
  std::map<PageNumber, Place> places_before_;
  std::map<PageNumber, Place> places_;
  std::set<Mention> mentions_before_;
  std::set<Mention> mentions_;
  std::map<std::string, KnownItem> items_before_;  // by their identity, item_key()
  std::map<std::string, DossierNumber> keys_;      // of the dossiers that have pages
  std::set<DossierNumber> dossiers_;
  std::set<ItemNumber> items_;
  std::set<PageNumber> kept_;  // in a dossier that they may not leave
  std::set<PageNumber> changed_;
};

}  // namespace archive
