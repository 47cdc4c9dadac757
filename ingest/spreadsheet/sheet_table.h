#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/csv_table.h"
#include "ingest/spreadsheet/sheet_limits.h"

namespace archive {

/// The rows of a workbook under these headings, as a table; other columns are left out. The sheet
/// is the one of that name, or where `sheet` is empty the first that has all the headings. They
/// may stand below a title; blanks inside a heading do not count. Rows without any cell are
/// skipped; `line` of a row is its number in the sheet.
///
/// Throws ArchiveError{input_missing} with file, sheet and cell: no such sheet, a heading that is
/// missing or stands twice, a cell whose value is lost (words_of), more text than the limit.
CsvTable read_sheet(const std::string& name, std::string_view bytes,
                    std::span<const std::string_view> headings, const std::string& sheet,
                    const SheetLimits& limits = {});

}  // namespace archive
