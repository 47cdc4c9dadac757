#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/records.h"
#include "store/records/records.h"

namespace archive {

/// Which dossiers of the board somebody wants.
struct BoardWish {
  std::string state;  ///< "", "errors", "warnings", "clean", "set_aside"
  std::string words;  ///< parted by blanks, all in number, title, batch or names; empty: any
  BatchNumber batch = 0;
  std::optional<std::set<DossierNumber>> among = {};  ///< these alone; nothing: any
  std::size_t offset = 0, limit = 50;
};

struct BoardRow {
  DossierNumber dossier = 0;
  std::string dossier_no, title;
  BatchNumber batch = 0;
  std::string batch_name;
  std::int64_t pages = 0, set_aside = 0;
  std::int64_t errors = 0, warnings = 0, notes = 0;  ///< open findings
};

/// How many dossiers of a wish, whatever its state, are how.
struct BoardCounts {
  std::int64_t all = 0, errors = 0, warnings = 0, clean = 0, set_aside = 0;
};

/// One day, and what came about in it.
struct DayOfPages {
  std::string day;
  std::int64_t filed = 0, set_aside = 0;
  std::int64_t accept = 0, look = 0, rescan = 0;  ///< verdicts on pictures
};
struct DayOfFindings {
  std::string day;
  std::int64_t found = 0, settled = 0;  ///< gone, or decided by a person
};

/// What an operator scanned, by the job sheets of batches; empty: no job sheet said who.
struct OperatorOutput {
  std::string operator_name;
  std::int64_t batches = 0, pages = 0, set_aside = 0, rescan = 0;
  std::vector<DayOfPages> days;  ///< filed and set_aside alone; in order
};

struct FaultCount {
  std::string stage, reason;
  std::int64_t pages = 0;
};

/// Counts over the whole archive, by the database itself: nothing is read dossier by dossier.
class Overview {
 public:
  /// Lives as long as this.
  explicit Overview(Records& records) : records_(records) {}

  BoardCounts counts(const BoardWish& wish) const;
  std::vector<BoardRow> rows(const BoardWish& wish) const;  ///< the gravest first

  /// Days in order from `from` (YYYY-MM-DD) on; days on which nothing happened are left out.
  std::vector<DayOfPages> pages_by_day(const std::string& from) const;
  std::vector<DayOfFindings> findings_by_day(const std::string& from) const;
  std::vector<OperatorOutput> operators(const std::string& from) const;
  /// Why pages are set aside: of a batch, or of all for 0; the most frequent first.
  std::vector<FaultCount> faults(BatchNumber batch) const;

 private:
  Records& records_;
};

}  // namespace archive
