#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/csv_table.h"

namespace archive {

/// The table in a file that somebody else wrote, told by its first bytes and never by its name:
/// CSV (UTF-8 or GB18030) or a sheet of an Excel workbook (.xlsx), see read_sheet().
///
/// Throws ArchiveError{input_missing} with file, and line or cell: neither of the two (an older
/// .xls, a workbook with a password), damaged, too large, a heading that is missing; {usage} when
/// `sheet` is asked of a CSV file.
CsvTable foreign_table(const std::string& name, std::string bytes,
                       std::span<const std::string_view> headings, const std::string& sheet);

}  // namespace archive
