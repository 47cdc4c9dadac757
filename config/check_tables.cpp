#include "config/check_tables.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "config/csv_table.h"
#include "config/table_version.h"
#include "core/error.h"

namespace archive {
namespace {

std::vector<Pattern> archive_numbers_in(const TablePath& file) {
  const CsvTable table = CsvTable::read(file);
  std::vector<Pattern> patterns;
  for (const CsvTable::Row& row : table.rows()) {
    std::string fault;
    auto pattern = Pattern::compile("^(?:" + table.cell(row, "pattern") + ")$", &fault);
    if (!pattern) table.refuse(row, "the pattern does not compile: " + fault);
    patterns.push_back(*std::move(pattern));
  }
  return patterns;
}

/// A rule that is data must have its words.
void demand_words(const CheckShapes& shapes, const CheckRules& rules,
                  const TablePath& folder) {
  const auto demand = [&](const auto& list, const char* file) {
    for (const auto& rule : list) {
      if (rules.rule(rule.rule, rule.variant) != nullptr) continue;
      throw ArchiveError(
          ErrorKind::settings, (folder / file).string(),
          "rule '" + rule.rule + "' with variant '" + rule.variant + "' has no sentences",
          "add it to rules.csv");
    }
  };
  demand(shapes.sums, "sums.csv");
  demand(shapes.equals, "equal_values.csv");
  demand(shapes.orders, "orders.csv");
}

}  // namespace

CheckTables CheckTables::load(const TablePath& config_folder) {
  const TablePath folder = config_folder / "checks";
  CheckRules rules = CheckRules::load(config_folder);
  FormCatalogue forms = FormCatalogue::load(config_folder);
  MustHaves must_haves = MustHaves::load(config_folder, forms);
  VolumeTables volume = VolumeTables::load(config_folder, forms);
  TitleTypes titles(forms);
  Papers papers = Papers::load(config_folder, forms);
  CheckShapes shapes = CheckShapes::load(config_folder, forms);
  PersonFacts person_facts = PersonFacts::load(config_folder, forms);
  ContentGroups content_groups = ContentGroups::load(config_folder, forms);
  demand_words(shapes, rules, folder);
  FourProperties four_properties = FourProperties::load(config_folder, rules);
  auto files = files_below(folder, ".csv");
  for (const auto& below : {folder / "parameters", config_folder / "domain"}) {
    std::ranges::copy(files_below(below, ".csv"), std::back_inserter(files));
  }
  std::ranges::copy(files_below(config_folder / "forms", ".toml"), std::back_inserter(files));
  return {std::move(rules),
          std::move(forms),
          std::move(must_haves),
          std::move(volume),
          std::move(titles),
          std::move(papers),
          Parameters::load(config_folder),
          std::move(shapes),
          WordLists::load(config_folder),
          RetirementAges::load(config_folder),
          RegionCodes::load(config_folder),
          archive_numbers_in(folder / "archive_numbers.csv"),
          std::move(four_properties),
          std::move(person_facts),
          std::move(content_groups),
          version_of("checks", files)};
}

}  // namespace archive
