#include "config/copy_sheet.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "config/csv_table.h"

namespace archive {
namespace {

constexpr std::array<std::string_view, 13> kKnown = {
    "serial",  "made_at",    "made_by",       "for_whom", "agent", "authority", "purpose",
    "dossier_no", "dossier_title", "pages", "count",    "office",    "again"};
constexpr std::array<std::string_view, 5> kParts = {"title", "text", "row", "sign", "note"};

/// The text with its values; nothing when one of them is empty and that matters.
std::optional<std::string> with_values(std::string_view text, const CopySheet::Values& values,
                                       bool all_needed) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('{', at);
    made += text.substr(at, open - at);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    const auto found = values.find(text.substr(open + 1, close - open - 1));
    const bool empty = found == values.end() || found->second.empty();
    if (empty && all_needed) return std::nullopt;
    if (!empty) made += found->second;
    at = close + 1;
  }
  return made;
}

void check_values(const CsvTable& table, const CsvTable::Row& row, std::string_view text) {
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::size_t close = text.find('}', at);
    if (close == std::string_view::npos) table.refuse(row, "a brace is not closed");
    const std::string_view name = text.substr(at + 1, close - at - 1);
    if (std::ranges::find(kKnown, name) == kKnown.end()) {
      table.refuse(row, "there is no value '" + std::string(name) + "'");
    }
  }
}

}  // namespace

CopySheet CopySheet::load(const TablePath& config_folder) {
  const auto file = config_folder / "duties" / "copy_sheet.csv";
  const CsvTable table = CsvTable::read(file);
  CopySheet sheet;
  for (const CsvTable::Row& row : table.rows()) {
    const auto part = std::ranges::find(kParts, table.cell(row, "part"));
    if (part == kParts.end()) table.refuse(row, "there is no such part of a sheet");
    Line line;
    line.part = static_cast<Part>(part - kParts.begin());
    line.text = table.cell(row, "text");
    check_values(table, row, line.text);
    if (line.part == Part::row) {
      const std::size_t bar = line.text.find('|');
      if (bar == std::string::npos) table.refuse(row, "a row is what it is about | its value");
      line.label = line.text.substr(0, bar);
      line.text = line.text.substr(bar + 1);
    }
    sheet.kinds_[table.cell(row, "kind")].push_back(std::move(line));
  }
  for (const char* kind : {"certified", "print"}) {
    const auto found = sheet.kinds_.find(kind);
    const bool titled = found != sheet.kinds_.end() &&
                        std::ranges::find(found->second, Part::title, &Line::part) !=
                            found->second.end();
    if (titled) continue;
    throw ArchiveError(ErrorKind::settings, file.string(),
                       "copies of the kind '" + std::string(kind) + "' have no title",
                       "add a line of the part title");
  }
  return sheet;
}

std::vector<CopySheet::Line> CopySheet::filled(const std::string& kind,
                                               const Values& values) const {
  std::vector<Line> lines;
  for (const Line& line : kinds_.at(kind)) {
    const bool all_needed = line.part == Part::row || line.part == Part::note;
    auto text = with_values(line.text, values, all_needed);
    if (!text) continue;
    lines.push_back({line.part, line.label, *std::move(text)});
  }
  return lines;
}

}  // namespace archive
