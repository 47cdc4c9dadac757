#include "config/office_tables.h"

#include <algorithm>

#include "config/csv_table.h"
#include "config/toml_tree.h"
#include "core/error.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFacts = "tables.csv";
constexpr std::size_t kFilesMost = 1000;

OfficeTable office_in(const CsvTable& table, const CsvTable::Row& row) {
  const std::string& word = table.cell(row, "office");
  if (word == "rows") return OfficeTable::rows;
  if (word == "whole") return OfficeTable::whole;
  if (word == "no") return OfficeTable::none;
  table.refuse(row, "'office' is none of rows, whole, no");
}

}  // namespace

bool TableFacts::is(std::string_view table) const {
  const std::size_t star = name.find('*');
  if (star == std::string::npos) return table == name;
  const std::string_view before = std::string_view(name).substr(0, star);
  const std::string_view after = std::string_view(name).substr(star + 1);
  return table.size() > before.size() + after.size() && table.starts_with(before) &&
         table.ends_with(after) && table.find('/', star) == std::string_view::npos;
}

std::vector<TableFacts> tables_of(const fs::path& root) {
  const CsvTable table = CsvTable::read(root / kFacts);
  std::vector<TableFacts> tables;
  for (const CsvTable::Row& row : table.rows()) {
    TableFacts facts{table.cell(row, "table"), office_in(table, row),
                     list_of(table.cell(row, "key")), table.cell(row, "zh"), table.cell(row, "en")};
    if (facts.name.empty()) table.refuse(row, "the table has no name");
    tables.push_back(std::move(facts));
  }
  return tables;
}

TableFacts facts_of_office_table(const TablePath& place) {
  const std::vector<TableFacts> tables = tables_of(place.root());
  const auto found = std::ranges::find_if(
      tables, [&](const TableFacts& facts) { return facts.is(place.name()); });
  if (found == tables.end()) {
    std::vector<std::string_view> names;
    for (const TableFacts& facts : tables) {
      if (facts.office != OfficeTable::none) names.push_back(facts.name);
    }
    const std::string_view near = nearest(place.name(), names);
    throw ArchiveError(
        ErrorKind::settings, place.office().string(),
        "there is no table '" + place.name() + "'" +
            (near.empty() ? "" : "; nearest: '" + std::string(near) + "'"),
        "rename or remove it; `juanzong config explain --tables` lists those an office may have");
  }
  if (found->office == OfficeTable::none) {
    throw ArchiveError(ErrorKind::settings, place.office().string(),
                       "an office has no table '" + place.name() + "' of its own",
                       "remove it: it belongs to the program");
  }
  return *found;
}

std::vector<std::string> office_files(const TablePath& root) {
  std::vector<std::string> names;
  if (root.office_root().empty()) return names;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(root.office_root(), error);
       !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const fs::path& file = at->path();
    if (file.filename().string().starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    if (file.extension() != ".csv" && file.extension() != ".toml") continue;
    const std::string name = file.lexically_relative(root.office_root()).generic_string();
    if (name != "juanzong.toml") names.push_back(name);
    if (names.size() > kFilesMost) break;
  }
  if (error || names.size() > kFilesMost) {
    throw ArchiveError(ErrorKind::settings, root.office_root().string(),
                       error ? "the office's folder cannot be read"
                             : "more than 1000 tables are no office's folder",
                       "check office_folder in juanzong.toml, and that the folder may be read");
  }
  std::ranges::sort(names);
  return names;
}

void require_known_office_files(const TablePath& root) {
  for (const std::string& name : office_files(root)) facts_of_office_table(root / name);
}

}  // namespace archive
