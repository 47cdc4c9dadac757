#include "config/papers.h"

#include <algorithm>
#include <optional>

#include "config/csv_table.h"
#include "config/toml_tree.h"

namespace archive {
namespace {

std::optional<PaperPerson> person_named(std::string_view name) {
  if (name == "own") return PaperPerson::own;
  if (name == "relative") return PaperPerson::relative;
  if (name == "others") return PaperPerson::others;
  return std::nullopt;
}

}  // namespace

Papers Papers::load(const TablePath& config_folder, const FormCatalogue& forms) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "papers.csv");
  Papers papers;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& type = table.cell(row, "doc_type");
    const FormDescription* form = forms.form(type);
    if (form == nullptr) table.refuse(row, "there is no document type '" + type + "'");
    const auto person = person_named(table.cell(row, "person"));
    if (!person) table.refuse(row, "the person is none of own, relative, others");
    Paper paper{*person, list_of(table.cell(row, "dated_by"))};
    std::vector<std::string_view> known;
    for (const FieldDescription& field : form->fields) known.emplace_back(field.id);
    for (const std::string& field : paper.dated_by) {
      if (std::ranges::find(known, field) != known.end()) continue;
      const std::string_view near = nearest(field, known);
      table.refuse(row, type + " has no field '" + field + "'" +
                            (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
    }
    if (!papers.papers_.emplace(type, std::move(paper)).second) {
      table.refuse(row, "the type stands twice");
    }
  }
  return papers;
}

const Paper& Papers::of(std::string_view doc_type) const {
  static const Paper kOther;
  const auto found = papers_.find(doc_type);
  return found == papers_.end() ? kOther : found->second;
}

}  // namespace archive
