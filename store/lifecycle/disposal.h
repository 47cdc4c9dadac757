#pragma once

#include <cstdint>
#include <optional>
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
  std::vector<std::int64_t> appraisals;  ///< whose items are on it
};

/// Disposal goes one way: an appraisal that ends with it, a list, the approval of another person, a
/// time of waiting in which a hold or a withdrawal stops it. Carrying a list out is not part of
/// the program yet: there is no way in it by which a page goes.
class Disposal {
 public:
  explicit Disposal(Records& records) : records_(records) {}

  /// Throw std::invalid_argument for what is not there, lacks a reason, or has ended.
  std::int64_t hold(DossierNumber dossier, const std::string& reason, const std::string& basis);
  void lift(std::int64_t hold, const std::string& reason);
  std::vector<LegalHold> holds(bool standing_only) const;
  bool held(DossierNumber dossier) const;

  /// A list of the items of these appraisals. Throws std::invalid_argument unless each ended with
  /// disposal, is on no other list that stands, and no hold is on its dossier.
  std::int64_t make_list(const std::vector<std::int64_t>& appraisals, const std::string& reason);
  /// By an approver who did not make it.
  void approve(std::int64_t list, int waiting_days);
  void withdraw(std::int64_t list, const std::string& reason);
  std::optional<DisposalList> list(std::int64_t number) const;
  std::vector<DisposalList> lists() const;
  /// What keeps a list from being carried out on that day; empty: nothing.
  std::string hindrance(const DisposalList& list, Date on) const;

 private:
  Records& records_;
};

}  // namespace archive
