#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/records/records.h"

namespace archive {

/// Where the paper of an item lies (库房位置).
struct ShelfPlace {
  DossierNumber dossier = 0;
  int item_sequence = 0;  ///< 0: the whole dossier
  std::string room, shelf, cell, box;
  std::string missing_reason;  ///< the paper was looked for and is not there; then there is no room
  std::string placed_by, placed_at;
};

/// Paper that is out of the store (借阅).
struct Loan {
  std::int64_t number = 0;
  DossierNumber dossier = 0;
  int item_sequence = 0;  ///< 0: the whole dossier
  std::string borrower, unit, reason;
  std::string due_on;
  std::string lent_by, lent_at;
  std::string returned_at, returned_to;  ///< empty: it is out
  std::int64_t extensions = 0, dunnings = 0;  ///< how often
  std::string dunned_at = {};                 ///< the last time
};

/// Something about a loan: it was made longer (续借), or the borrower was asked for it (催还).
struct LoanNote {
  std::int64_t loan = 0;
  std::string kind;  ///< "extended", "dunned"
  std::string due_before, due_after;
  std::string reason;  ///< of a dunning: by what means, and what was answered
  std::string noted_by, noted_at;
};

/// Where paper is, who has it, and what is there only on paper or only as a picture (R23).
class Places {
 public:
  explicit Places(Records& records) : records_(records) {}

  /// Where it lies from now on, or that it is missing. Throws std::invalid_argument for an item
  /// that is not there, and unless there is either a room or a reason.
  void put(const ShelfPlace& place);
  /// The last one of the dossier and of each of its items.
  std::vector<ShelfPlace> of_dossier(DossierNumber dossier) const;

  /// Throws std::invalid_argument for what is out already, without a borrower, a reason, and for a
  /// day that has passed.
  std::int64_t lend(const Loan& loan);
  void take_back(std::int64_t loan);
  /// Throw std::invalid_argument for what is not out, without a reason, for a day that has passed
  /// or is no later than the one it is due, and for a dunning before it is overdue.
  void extend(std::int64_t loan, const std::string& due_on, const std::string& reason);
  void dun(std::int64_t loan, const std::string& how);
  std::vector<LoanNote> notes_of(std::int64_t loan) const;  ///< oldest first
  std::vector<Loan> loans(bool out_only) const;

  /// What is there in one form only.
  struct Gap {
    DossierNumber dossier = 0;  ///< 0: nothing of it was scanned
    std::string dossier_no;
    int item_sequence = 0;
    std::string reason;  ///< why paper is missing; empty: nobody said where it is
  };
  /// Items with pages, whose paper has no place.
  std::vector<Gap> digital_without_paper() const;
  /// Items of the office's catalogue without any page.
  std::vector<Gap> paper_without_digital() const;

 private:
  Records& records_;
};

}  // namespace archive
