#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/review_steps.h"
#include "core/review.h"
#include "store/records/records.h"

namespace archive {

/// 初审、复核、审批: the steps that an item of a dossier goes through, by different persons, and
/// corrections of what was approved. The database refuses what this class would refuse.
class Reviews {
 public:
  /// Both live as long as this.
  Reviews(Records& records, const ReviewSteps& rules) : records_(records), rules_(rules) {}

  /// How an item stands. Throws std::invalid_argument when there is no such item.
  ReviewState state_of(DossierNumber dossier, int item_sequence) const;

  /// Takes a step in the name of this writer. Throws std::invalid_argument for a step that does not
  /// follow, that needs a reason or a submitter, or that somebody else has to take, and
  /// ArchiveError{forbidden} without the right.
  void take(const std::string& step, DossierNumber dossier, int item_sequence,
            const std::string& reason, const std::string& submitter);

  /// Why this person may not take a step now though their post allows it: it does not follow, or
  /// somebody else has to; "" when nothing is in the way. Reason and submitter are not looked at.
  std::string hindrance(const ReviewStepRule& step, DossierNumber dossier, int item_sequence,
                        const std::string& person) const;

  struct Waiting {
    DossierNumber dossier = 0;
    int item_sequence = 0;
    std::string doc_type;
    ReviewState state;
  };
  /// Items that stand in one of these states, by dossier and sequence, from the one after. Those of
  /// which no step was ever taken are "filed", and nothing of them is read.
  std::vector<Waiting> waiting(const std::vector<std::string>& states, DossierNumber after_dossier,
                               int after_sequence, std::size_t at_most) const;

 private:
  Records& records_;
  const ReviewSteps& rules_;
};

/// What is to be corrected in an approved item (R50).
struct Correction {
  std::int64_t number = 0;
  PageNumber page = 0;
  TypedValue value;    ///< what it shall be, with its region of the page; `person` proposes it
  std::string before;  ///< what it is
  std::string reason;
  PageNumber evidence = 0;  ///< the page that proves it
  std::string proposed_at;
  std::string verdict;  ///< "", "approved", "refused"
  std::string decided_by, decided_at, decision_reason;
};

class Corrections {
 public:
  explicit Corrections(Records& records) : records_(records) {}

  /// Throws std::invalid_argument without a reason, without a page that proves it, and for a value
  /// that is there already.
  std::int64_t propose(const Correction& correction);
  /// Approved: the value counts from now on, as if two persons had typed it, and what was typed
  /// otherwise ends. Throws std::invalid_argument for one who decides their own proposal, a decided
  /// one, and a refusal without a reason.
  void decide(std::int64_t number, bool approve, const std::string& reason);
  std::optional<Correction> find(std::int64_t number) const;
  std::vector<Correction> open() const;  ///< oldest first
  std::vector<Correction> of_page(PageNumber page) const;

 private:
  Records& records_;
};

}  // namespace archive
