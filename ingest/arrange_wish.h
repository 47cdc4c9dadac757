#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/forms.h"
#include "core/arrangement.h"
#include "core/records.h"
#include "ingest/arranging.h"
#include "store/records/records.h"

namespace archive {

/// What a person wants of the structure, told in the numbers of today; what an action does not use
/// is not looked at.
struct ArrangeWish {
  ArrangementAction action = ArrangementAction::move_pages;
  /// In their order. Of split_item and split_dossier the page that begins the second part; of
  /// rotate_page, type_page and replace_page the page that is meant.
  std::vector<PageNumber> pages;
  std::vector<ItemNumber> items;      ///< merge_items: the first stays
  std::vector<int> sequences;         ///< order_items: of `dossier`
  PageNumber after = 0, before = 0;   ///< where to: beside a page
  ItemNumber item = 0;                ///< where to, or what is meant
  DossierNumber dossier = 0;          ///< where to, or what is meant
  DossierNumber other = 0;            ///< merge_dossiers: the one that goes into `dossier`
  PersonNumber person = 0;            ///< split_person
  PageNumber with_page = 0;           ///< replace_page: by a page that is there; 0: by a scan
  bool new_item = false;              ///< into `dossier` as an item of its own
  int turn = 0;                       ///< rotate_page: clockwise, of the page as it is shown
  std::string value;                  ///< type, class, retention, number of a dossier
};

/// Turns the wish into a decision that holds tomorrow; reason and name are the caller's. Everything
/// that is named must be of one batch, and nothing that gave its place to another. Throws
/// ArrangementRefused with {usage} or {not_found}.
Arrangement decision_of(const Records& records, const FormCatalogue& forms,
                        const ArrangeWish& wish);

/// How a page is to be read from then on; nothing for a wish that moves things about.
struct ReadingWish {
  PageRecord page;
  ReadingDecisions decided;
};
std::optional<ReadingWish> reading_of(const Records& records, const ArrangeWish& wish,
                                      const Arrangement& decision);
/// The same once a decision that stands is taken back.
std::optional<ReadingWish> reading_without(const Records& records, const Arrangement& decision);

/// Whether a decision names the dossier or something that lies in it.
bool is_about(const Records& records, const DossierRecord& dossier, const Arrangement& decision);
/// The decisions about a dossier, in their order, ended ones too.
std::vector<Arrangement> decisions_about(const Records& records, const DossierRecord& dossier);

}  // namespace archive
