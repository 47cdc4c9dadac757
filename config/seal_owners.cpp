#include "config/seal_owners.h"

#include <optional>

#include "config/csv_table.h"

namespace archive {

SealOwners SealOwners::load(const TablePath& file) {
  const CsvTable table = CsvTable::read(file);
  SealOwners owners;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& field = table.cell(row, "field");
    if (!field.empty() && field != kUnit && field != kAgency) {
      table.refuse(row, "'" + field + "' is no field of a seal");
    }
    std::string fault;
    const auto pattern = Pattern::compile(table.cell(row, "words_regex"), &fault);
    if (!pattern) table.refuse(row, "the expression does not compile: " + fault);
    owners.rows_.emplace_back(*pattern, field);
  }
  return owners;
}

std::string SealOwners::field_of(std::string_view seal_text) const {
  std::string text;
  for (const char c : seal_text) {
    if (c != ' ') text += c;
  }
  for (const auto& [pattern, field] : rows_) {
    if (pattern.found_in(text)) return field;
  }
  return {};
}

}  // namespace archive
