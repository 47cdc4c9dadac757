#include "config/review_bench.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "config/csv_table.h"

namespace archive {
namespace {

double number_in(const CsvTable& table, const CsvTable::Row& row, std::string_view column,
                 double least, double most) {
  const std::string& text = table.cell(row, column);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= least &&
      number <= most) {
    return number;
  }
  table.refuse(row, "'" + std::string(column) + "' is no number in its range");
}

void load_parameters(const CsvTable& table, ReviewBenchRules& rules) {
  std::set<std::string> seen;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& name = table.cell(row, "parameter");
    if (!seen.insert(name).second) table.refuse(row, "'" + name + "' stands twice");
    if (name == "queue_below") {
      rules.queue_below = number_in(table, row, "value", 0, 1);
    } else if (name == "double_keying_below") {
      rules.double_keying_below = number_in(table, row, "value", 0, 1);
    } else if (name == "lease_minutes") {
      rules.lease_minutes = static_cast<int>(number_in(table, row, "value", 1, 120));
    } else if (name == "group_most") {
      rules.group_most = static_cast<std::size_t>(number_in(table, row, "value", 1, 200));
    } else {
      table.refuse(row, "there is no parameter '" + name + "'");
    }
  }
}

}  // namespace

ReviewBenchRules ReviewBenchRules::load(const TablePath& config_folder,
                                        const FormCatalogue& forms) {
  const TablePath folder = config_folder / "duties";
  ReviewBenchRules made;
  made.forms_ = &forms;
  load_parameters(CsvTable::read(folder / "review_bench.csv"), made);
  const CsvTable table = CsvTable::read(folder / "field_risks.csv");
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& kind = table.cell(row, "kind");
    const std::string& field = table.cell(row, "field");
    if (kind.empty() == field.empty()) table.refuse(row, "a row is about a kind or a field");
    const double weight = number_in(table, row, "weight", 1, 100);
    bool fresh = true;
    if (kind.empty()) {
      fresh = made.of_fields_.emplace(field, weight).second;
    } else {
      const auto type = value_type_named(kind);
      if (!type) table.refuse(row, "there is no kind of value '" + kind + "'");
      fresh = made.of_kinds_.emplace(*type, weight).second;
    }
    if (!fresh) table.refuse(row, "it stands twice");
  }
  return made;
}

double ReviewBenchRules::weight_of(std::string_view doc_type, std::string_view field) const {
  const FormDescription* form = forms_->form(doc_type);
  if (form == nullptr) return 1;
  const auto known = std::ranges::find(form->fields, field, &FieldDescription::id);
  if (known == form->fields.end()) return 1;
  for (const std::string& name : {known->id, known->domain}) {
    if (const auto own = of_fields_.find(name); own != of_fields_.end()) return own->second;
  }
  const auto kind = of_kinds_.find(known->type);
  return kind == of_kinds_.end() ? 1 : kind->second;
}

}  // namespace archive
