#include "ingest/spreadsheet/table_text.h"

namespace archive {
namespace {

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string csv_text(const OutTable& table) {
  std::string csv;
  bool first = true;
  const auto add = [&](const std::string& text) {
    if (!first) csv += ',';
    first = false;
    csv += csv_cell(text);
  };
  for (const std::string& heading : table.headings) add(heading);
  csv += "\r\n";
  for (const auto& row : table.rows) {
    first = true;
    for (const OutTable::Cell& cell : row) add(cell.text);
    csv += "\r\n";
  }
  return csv;
}

}  // namespace archive
