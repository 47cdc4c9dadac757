#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// A table on its way to somebody else.
struct OutTable {
  struct Cell {
    std::string text;
    bool number = false;  ///< a small whole number; a spreadsheet then reckons with it
  };
  std::vector<std::string> headings;
  std::vector<std::vector<Cell>> rows;  ///< a cell for each heading
};

/// As CSV (RFC 4180), UTF-8.
std::string csv_text(const OutTable& table);

/// As an Excel workbook with one sheet of this name; equal tables give equal bytes. Texts stay
/// texts, so that no spreadsheet takes digits for a number. By libxlsxwriter.
///
/// Throws ArchiveError{usage} for more rows than a sheet has or a text longer than a cell holds,
/// naming row and column, and {disk} when the machine has no room to pack it.
std::string xlsx_bytes(const OutTable& table, const std::string& sheet);

}  // namespace archive
