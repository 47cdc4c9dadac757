#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "store/records/records.h"

namespace archive {

/// Nothing of this dossier is disposed of, whatever its period (诉讼、稽核等保全).
struct LegalHold {
  std::int64_t number = 0;
  DossierNumber dossier = 0;
  std::string reason;
  std::string basis;  ///< of law
  std::string set_by, set_at;
  std::string lifted_by, lifted_at, lifted_reason;  ///< empty: it holds
};

/// A list of what is to be destroyed (销毁清册).
struct DisposalList {
  std::int64_t number = 0;
  std::string reason;
  std::string made_by, made_at;
  std::string approved_by, approved_at;
  std::string not_before;  ///< the day from which it may be carried out; empty: not approved
  std::string withdrawn_by, withdrawn_at, withdrawn_reason;
  std::string carried_out_by, carried_out_at, witnessed_by;  ///< empty: it was not
  std::vector<std::int64_t> appraisals;  ///< whose items are on it
};

/// What went by a list (销毁证明): kept for ever.
struct DisposedItem {
  std::int64_t appraisal = 0;
  DossierNumber dossier = 0;
  std::string dossier_no;
  int item_sequence = 0;
  std::string title, doc_type, item_date, retention;
  int pages = 0;
  std::string contents;  ///< digest of what it was, as item_contents() tells it
};
struct DisposedObject {
  std::string object;
  std::string purpose;  ///< as Records::for_each_object() has it
  std::string removed_at;  ///< empty: it is still there
  bool needed = false;     ///< by other records, which keep it
};

/// Disposal goes one way: an appraisal that ends with it, a list, the approval of another person, a
/// time of waiting in which a hold or a withdrawal stops it, and then two persons carry it out.
///
/// A page that is disposed of keeps its place, its number and the title of its paper, set aside as
/// `disposed`; its text, values, seals, earlier readings and what persons typed go with the
/// transaction, its objects with the next collection of garbage (store/custody/garbage.h). The file
/// it was handed in with goes when all its pages did. What the ledger says of rows stays.
class Disposal {
 public:
  explicit Disposal(Records& records) : records_(records) {}

  /// Throw std::invalid_argument for what is not there, lacks a reason, or has ended; and for a
  /// hold on a dossier that was merged into another, which it names.
  std::int64_t hold(DossierNumber dossier, const std::string& reason, const std::string& basis);
  void lift(std::int64_t hold, const std::string& reason);
  std::vector<LegalHold> holds(bool standing_only) const;
  bool held(DossierNumber dossier) const;

  /// A list of the items of these appraisals. Throws std::invalid_argument unless each ended with
  /// disposal, is on no other list that stands, no hold is on its dossier, and the item is what
  /// was appraised.
  std::int64_t make_list(const std::vector<std::int64_t>& appraisals, const std::string& reason);
  /// By an approver who did not make it, of items that are what was appraised.
  void approve(std::int64_t list, int waiting_days);
  void withdraw(std::int64_t list, const std::string& reason);
  std::optional<DisposalList> list(std::int64_t number) const;
  std::vector<DisposalList> lists() const;
  /// What keeps a list from being carried out on that day; empty: nothing.
  std::string hindrance(const DisposalList& list, Date on) const;

  /// Disposes of the pages of a list, once. By a manager who did not approve it, with a witness
  /// (监销人), the co-signer of whoever writes. Their batches are to be put together again. Throws
  /// std::invalid_argument with the hindrance.
  void carry_out(std::int64_t list);
  std::vector<DisposedItem> items_of(std::int64_t list) const;
  std::vector<DisposedObject> objects_of(std::int64_t list) const;
  /// The objects of all lists that no record needs: what must not come back.
  std::set<BlobId> objects_gone() const;

 private:
  Records& records_;
};

}  // namespace archive
