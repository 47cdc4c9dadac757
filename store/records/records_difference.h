#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "store/records/records.h"

namespace archive {

/// How a copy of the records compares with the records they were copied from.
struct RecordsDifference {
  std::int64_t entries = 0;  ///< of the ledger that were compared: all that the copy has
  std::int64_t tables = 0;   ///< whose rows were compared one by one
  std::int64_t rows = 0;
  /// Tables that changed since the copy was made: the entries that made them were compared instead.
  std::set<std::string> changed_since;
  /// One line each; empty when the copy is what it should be. No personal data.
  std::vector<std::string> differences;
};

/// Compares the entries of the ledger and every row of the tables in it. The tables that are made
/// from others (core/ledger.h) are left out.
RecordsDifference compare_records(Records records, Records copy);

}  // namespace archive
