#include "ingest/spreadsheet/sheet_table.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/utf8.h"
#include "ingest/spreadsheet/workbook.h"

namespace archive {
namespace {

constexpr int kRowsBeforeHeader = 200;

[[noreturn]] void refuse(const std::string& where, const std::string& what,
                         const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::input_missing, where, what, what_to_do);
}

std::string without_blanks(std::string_view text) {
  constexpr std::u32string_view kBlanks = U" \t\r\n\u00A0\u3000\uFEFF";
  std::string bare;
  for (const char32_t c : code_points(text)) {
    if (kBlanks.find(c) == std::u32string_view::npos) bare += utf8(c);
  }
  return bare;
}

/// Collects the rows of one sheet below the row that has the headings.
class SheetReader {
 public:
  SheetReader(std::string where, std::span<const std::string_view> headings,
              const SheetLimits& limits)
      : where_(std::move(where)), headings_(headings), limits_(limits) {}

  bool take(const SheetRow& row) {
    if (header_line_ == 0) {
      find_header(row);
      return header_line_ != 0 || row.number < kRowsBeforeHeader;
    }
    add(row);
    return true;
  }

  bool has_header() const { return header_line_ != 0; }
  /// The most headings that one row had.
  std::size_t best() const { return best_; }

  [[noreturn]] void refuse_header() const {
    refuse(where_ + ":" + std::to_string(best_line_),
           "the table lacks the column '" + missing_ + "'",
           "name the column, or name the sheet with --sheet");
  }

  CsvTable table() && {
    std::vector<std::string> columns(headings_.begin(), headings_.end());
    return CsvTable::of(where_, ErrorKind::input_missing, std::move(columns), std::move(rows_));
  }

 private:
  void find_header(const SheetRow& row) {
    std::vector<std::optional<int>> places(headings_.size());
    std::size_t found = 0;
    for (const SheetCell& cell : row.cells) {
      const auto at = std::ranges::find(headings_, without_blanks(cell.text));
      if (at == headings_.end()) continue;
      std::optional<int>& place = places[static_cast<std::size_t>(at - headings_.begin())];
      if (place) {
        refuse(where_ + "!" + column_letters(cell.column) + std::to_string(row.number),
               "the column '" + std::string(*at) + "' stands twice", "keep one of them");
      }
      place = cell.column;
      ++found;
    }
    if (found > best_) {
      best_ = found;
      best_line_ = row.number;
      const auto gap = std::ranges::find_if(places, [](const auto& place) { return !place; });
      if (gap != places.end()) {
        missing_ = headings_[static_cast<std::size_t>(gap - places.begin())];
      }
    }
    if (found < headings_.size()) return;
    header_line_ = row.number;
    for (const auto& place : places) columns_.push_back(*place);
  }

  void add(const SheetRow& row) {
    CsvTable::Row made{row.number, std::vector<std::string>(columns_.size())};
    for (const SheetCell& cell : row.cells) {
      const auto at = std::ranges::find(columns_, cell.column);
      if (at == columns_.end()) continue;
      if (cell.fault != CellFault::none) refuse_cell(row, cell);
      kept_bytes_ += cell.text.size();
      if (kept_bytes_ > limits_.text_bytes) {
        refuse(
            where_,
            "its cells have more than " + std::to_string(limits_.text_bytes >> 20) + " MB of text",
            "divide it");
      }
      made.cells[static_cast<std::size_t>(at - columns_.begin())] = cell.text;
    }
    rows_.push_back(std::move(made));
  }

  [[noreturn]] void refuse_cell(const SheetRow& row, const SheetCell& cell) const {
    const CellFaultWords words = words_of(cell.fault);
    refuse(where_ + "!" + column_letters(cell.column) + std::to_string(row.number),
           std::string(words.what), std::string(words.what_to_do));
  }

  std::string where_;
  std::span<const std::string_view> headings_;
  SheetLimits limits_;
  int header_line_ = 0;
  std::size_t best_ = 0;
  int best_line_ = 0;
  std::string missing_;
  std::vector<int> columns_;
  std::vector<CsvTable::Row> rows_;
  std::uint64_t kept_bytes_ = 0;
};

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

CsvTable read_sheet(const std::string& name, std::string_view bytes,
                    std::span<const std::string_view> headings, const std::string& sheet,
                    const SheetLimits& limits) {
  const Workbook book(name, bytes, limits);
  const std::vector<std::string>& sheets = book.sheets();
  std::optional<SheetReader> nearest;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    if (!sheet.empty() && sheets[i] != sheet) continue;
    SheetReader reader(name + ":" + sheets[i], headings, limits);
    book.read(i, [&reader](const SheetRow& row) { return reader.take(row); });
    if (reader.has_header()) return std::move(reader).table();
    if (!nearest || reader.best() > nearest->best()) nearest.emplace(std::move(reader));
  }
  if (!nearest) {
    refuse(name, sheet.empty() ? "the workbook has no sheet" : "it has no sheet of this name",
           sheets.empty() ? "check the file" : "its sheets are: " + listed(sheets));
  }
  if (nearest->best() == 0) {
    std::string wanted;
    for (const std::string_view heading : headings) {
      wanted += (wanted.empty() ? "" : ", ") + std::string(heading);
    }
    refuse(name, "no sheet has a row with the headings",
           "the row above the first item has to name the columns: " + wanted);
  }
  nearest->refuse_header();
}

}  // namespace archive
