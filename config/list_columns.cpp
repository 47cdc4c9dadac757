#include "config/list_columns.h"

#include <algorithm>
#include <set>

#include "config/csv_table.h"
#include "core/width.h"

namespace archive {
namespace {

/// A heading as it is compared: ASCII instead of full-width signs, no blanks.
std::string bare(std::string_view heading) {
  std::string text = half_width(heading);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
  return text;
}

bool is_a_field(const FormCatalogue& forms, const std::string& id) {
  return std::ranges::any_of(forms.forms(), [&id](const auto& form) {
    return std::ranges::find(form.second.fields, id, &FieldDescription::id) !=
           form.second.fields.end();
  });
}

ListColumn column_of(const CsvTable& table, const CsvTable::Row& row, const FormCatalogue& forms) {
  ListColumn column;
  const auto kind = list_kind_named(table.cell(row, "kind"));
  if (!kind) table.refuse(row, "the kind is none of person, payment, employer");
  column.kind = *kind;
  column.field = table.cell(row, "field");
  if (!is_a_field(forms, column.field)) {
    table.refuse(row, "no form has the field '" + column.field + "'");
  }
  column.key = table.cell(row, "key") == "yes";
  const auto type = value_type_named(table.cell(row, "type"));
  if (!type) table.refuse(row, "'" + table.cell(row, "type") + "' is no type of value");
  column.type = *type;
  for (const std::string& label : list_of(table.cell(row, "labels"))) {
    column.labels.push_back(bare(label));
  }
  if (column.labels.empty()) table.refuse(row, "the column has no heading");
  return column;
}

}  // namespace

ListColumns ListColumns::load(const TablePath& config_folder,
                              const FormCatalogue& forms) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "list_columns.csv");
  ListColumns columns;
  std::set<std::pair<ListKind, std::string>> headings;
  for (const CsvTable::Row& row : table.rows()) {
    ListColumn column = column_of(table, row, forms);
    for (const std::string& label : column.labels) {
      if (!headings.emplace(column.kind, label).second) {
        table.refuse(row, "the heading '" + label + "' stands twice");
      }
    }
    columns.columns_.push_back(std::move(column));
  }
  return columns;
}

const ListColumn* ListColumns::under(ListKind kind, std::string_view heading) const {
  const std::string text = bare(heading);
  const auto found = std::ranges::find_if(columns_, [&](const ListColumn& column) {
    return column.kind == kind && std::ranges::find(column.labels, text) != column.labels.end();
  });
  return found == columns_.end() ? nullptr : &*found;
}

std::vector<const ListColumn*> ListColumns::keys(ListKind kind) const {
  std::vector<const ListColumn*> keys;
  for (const ListColumn& column : columns_) {
    if (column.kind == kind && column.key) keys.push_back(&column);
  }
  return keys;
}

}  // namespace archive
