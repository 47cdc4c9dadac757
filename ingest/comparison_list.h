#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/list_columns.h"
#include "core/comparison_list.h"

namespace archive {

/// A comparison list 比对清单 as it was read.
struct ComparisonList {
  ListKind kind = ListKind::person;
  std::vector<ListedRecord> records;
  std::string encoding;                     ///< "UTF-8" or "GB18030"
  std::vector<std::string> columns_unread;  ///< headings that nobody knows
  std::vector<int> lines_unread;            ///< rows whose key cannot be read
};

/// Reads a list of persons, payments or employers (CSV, UTF-8 or GB18030, at most 256 MB and
/// 2,000,000 rows). The kind is told by the headings. Cells that are empty are not compared.
/// Throws ArchiveError{input_missing} with file and line, never with a value: no heading of a
/// key, neither of the encodings, a broken row, one key twice with different values, a cell that
/// is no value of its column.
ComparisonList read_comparison_list(const std::string& name, std::string bytes,
                                    const ListColumns& columns);

/// A value in the form in which fields keep theirs; empty when it is none of the type.
std::string normalised(ValueType type, std::string_view text);

}  // namespace archive
