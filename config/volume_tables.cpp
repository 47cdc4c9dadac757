#include "config/volume_tables.h"

#include <charconv>

#include "config/csv_table.h"

namespace archive {
namespace {

int years_in(const CsvTable& table, const CsvTable::Row& row) {
  const std::string& text = table.cell(row, "years");
  if (text == "ever") return VolumeTables::kForEver;
  int years = 0;
  const char* end = text.data() + text.size();
  const auto [read, fault] = std::from_chars(text.data(), end, years);
  if (fault != std::errc() || read != end || years <= 0 || years >= VolumeTables::kForEver) {
    table.refuse(row, "'" + text + "' is neither a number of years nor 'ever'");
  }
  return years;
}

}  // namespace

VolumeTables VolumeTables::load(const TablePath& config_folder,
                                const FormCatalogue& forms) {
  VolumeTables tables;
  const CsvTable marks = CsvTable::read(config_folder / "checks" / "retention_marks.csv");
  for (const CsvTable::Row& row : marks.rows()) {
    const int years = years_in(marks, row);
    const std::string& mark = marks.cell(row, "mark");
    if (!tables.years_.emplace(mark, years).second) {
      marks.refuse(row, "the mark '" + mark + "' stands twice");
    }
    tables.printed_.emplace(years, mark);
  }
  const CsvTable others = CsvTable::read(config_folder / "checks" / "other_persons.csv");
  for (const CsvTable::Row& row : others.rows()) {
    const std::string& type = others.cell(row, "doc_type");
    if (forms.type(type) == nullptr) others.refuse(row, "'" + type + "' is no document type");
    tables.others_types_.insert(type);
  }
  return tables;
}

std::optional<int> VolumeTables::years_of(std::string_view retention) const {
  const auto found = years_.find(retention);
  return found == years_.end() ? std::nullopt : std::optional(found->second);
}

std::string VolumeTables::printed(std::string_view retention) const {
  const auto years = years_of(retention);
  return years ? printed_.at(*years) : std::string(retention);
}

}  // namespace archive
