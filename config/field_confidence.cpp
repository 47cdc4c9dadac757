#include "config/field_confidence.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "config/csv_table.h"
#include "config/toml_tree.h"

namespace archive {
namespace {

constexpr std::string_view kSureFrom = "sure_from";

double number_from(const CsvTable& table, const CsvTable::Row& row) {
  const std::string& cell = table.cell(row, "weight");
  char* end = nullptr;
  const double number = std::strtod(cell.c_str(), &end);
  if (cell.empty() || *end != '\0' || !std::isfinite(number)) {
    table.refuse(row, "'" + cell + "' is not a number");
  }
  return number;
}

[[noreturn]] void refuse_name(const CsvTable& table, const CsvTable::Row& row,
                              const std::string& name) {
  std::vector<std::string_view> known(kTraitNames.begin(), kTraitNames.end());
  known.push_back(kSureFrom);
  const std::string_view near = nearest(name, known);
  table.refuse(row, "there is no trait '" + name + "'" +
                        (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
}

}  // namespace

FieldConfidence FieldConfidence::load(const TablePath& file) {
  const CsvTable table = CsvTable::read(file);
  FieldConfidence confidence;
  std::set<std::string> seen;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& name = table.cell(row, "trait");
    if (!seen.insert(name).second) table.refuse(row, "the trait '" + name + "' stands twice");
    if (name == kSureFrom) {
      confidence.sure_from_ = number_from(table, row);
      continue;
    }
    const auto known = std::ranges::find(kTraitNames, name);
    if (known == kTraitNames.end()) refuse_name(table, row, name);
    confidence.weights_[static_cast<std::size_t>(known - kTraitNames.begin())] =
        number_from(table, row);
  }
  for (const std::string_view name : kTraitNames) {
    if (seen.contains(std::string(name))) continue;
    table.refuse(table.rows().empty() ? CsvTable::Row{1, {}} : table.rows().back(),
                 "the trait '" + std::string(name) + "' is missing");
  }
  return confidence;
}

double FieldConfidence::of(const Traits& traits) const {
  double sum = 0;
  for (std::size_t i = 0; i < traits.size(); ++i) sum += weights_[i] * traits[i];
  return 1 / (1 + std::exp(-sum));
}

}  // namespace archive
