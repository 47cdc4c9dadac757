#include "config/content_groups.h"

#include <algorithm>
#include <set>

#include "config/csv_table.h"

namespace archive {
namespace {

std::set<std::string> classes_in(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "domain" / "classification.csv");
  std::set<std::string> classes;
  for (const CsvTable::Row& row : table.rows()) classes.insert(table.cell(row, "class_code"));
  return classes;
}

}  // namespace

ContentGroups ContentGroups::load(const TablePath& config_folder,
                                  const FormCatalogue& forms) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "content_groups.csv");
  const std::set<std::string> classes = classes_in(config_folder);
  std::set<std::string> taken;
  ContentGroups groups;
  for (const CsvTable::Row& row : table.rows()) {
    Group group;
    group.id = table.cell(row, "id");
    group.name_zh = table.cell(row, "name_zh");
    group.name_en = table.cell(row, "name_en");
    group.classes = list_of(table.cell(row, "classes"));
    group.doc_types = list_of(table.cell(row, "doc_types"));
    const std::string& division = table.cell(row, "division");
    if (division != "scope" && division != "record") {
      table.refuse(row, "'" + division + "' is neither scope nor record");
    }
    for (const std::string& code : group.classes) {
      if (!classes.contains(code)) table.refuse(row, "there is no class '" + code + "'");
      if (!taken.insert(code).second) table.refuse(row, code + " is in two groups");
    }
    for (const std::string& code : group.doc_types) {
      if (forms.type(code) == nullptr)
        table.refuse(row, "there is no document type '" + code + "'");
      if (!taken.insert(code).second) table.refuse(row, code + " is in two groups");
    }
    (division == "scope" ? groups.scopes_ : groups.records_).push_back(std::move(group));
  }
  return groups;
}

const ContentGroups::Group* ContentGroups::scope_of(std::string_view class_code) const {
  for (const Group& group : scopes_) {
    for (const std::string& code : group.classes) {
      if (class_code == code || class_code.starts_with(code + ".")) return &group;
    }
  }
  return nullptr;
}

const ContentGroups::Group* ContentGroups::record_of(std::string_view doc_type) const {
  const Group* others = nullptr;
  for (const Group& group : records_) {
    if (group.doc_types.empty()) others = &group;
    if (std::ranges::find(group.doc_types, doc_type) != group.doc_types.end()) return &group;
  }
  return others;
}

}  // namespace archive
