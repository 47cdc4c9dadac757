#include "config/person_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/csv_table.h"

namespace archive {
namespace {

constexpr std::array kFacts = {
    std::pair{PersonFact::person, "person"},         std::pair{PersonFact::employer, "employer"},
    std::pair{PersonFact::department, "department"}, std::pair{PersonFact::collector, "collector"},
    std::pair{PersonFact::amount, "amount"},         std::pair{PersonFact::total, "total"},
};

bool form_has(const FormDescription& form, const std::string& field) {
  return std::ranges::find(form.fields, field, &FieldDescription::id) != form.fields.end();
}

void demand_field(const CsvTable& table, const CsvTable::Row& row, const PersonFacts::Field& entry,
                  const FormCatalogue& forms) {
  if (entry.doc_type == "*") {
    const bool known = std::ranges::any_of(
        forms.forms(), [&entry](const auto& form) { return form_has(form.second, entry.field); });
    if (!known) table.refuse(row, "no form has a field '" + entry.field + "'");
    return;
  }
  const FormDescription* form = forms.form(entry.doc_type);
  if (form == nullptr) table.refuse(row, "there is no form '" + entry.doc_type + "'");
  if (!form_has(*form, entry.field)) {
    table.refuse(row, entry.doc_type + " has no field '" + entry.field + "'");
  }
}

}  // namespace

std::string_view name_of(PersonFact fact) {
  return std::ranges::find(kFacts, fact, [](const auto& entry) { return entry.first; })->second;
}

PersonFacts PersonFacts::load(const TablePath& config_folder,
                              const FormCatalogue& forms) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "person_facts.csv");
  PersonFacts facts;
  for (const CsvTable::Row& row : table.rows()) {
    Field entry;
    const std::string& word = table.cell(row, "fact");
    const auto fact = std::ranges::find(
        kFacts, word, [](const auto& known) -> std::string_view { return known.second; });
    if (fact == kFacts.end()) table.refuse(row, "'" + word + "' is none of the six facts");
    entry.fact = fact->first;
    entry.doc_type = table.cell(row, "doc_type");
    entry.field = table.cell(row, "field");
    const std::string& single = table.cell(row, "single");
    if (single != "yes" && !single.empty()) table.refuse(row, "single is neither yes nor empty");
    entry.single = single == "yes";
    demand_field(table, row, entry, forms);
    facts.fields_.push_back(std::move(entry));
  }
  return facts;
}

std::vector<const PersonFacts::Field*> PersonFacts::of(std::string_view doc_type,
                                                       std::string_view field) const {
  std::vector<const Field*> found;
  for (const Field& entry : fields_) {
    if (entry.field != field) continue;
    if (entry.doc_type == "*" || entry.doc_type == doc_type) found.push_back(&entry);
  }
  return found;
}

}  // namespace archive
