#include "config/check_shapes.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include "config/csv_table.h"
#include "config/toml_tree.h"

namespace archive {
namespace {

constexpr std::string_view kBirth = "birth";

/// A row of one of the three tables.
class ShapeRow {
 public:
  ShapeRow(const CsvTable& table, const CsvTable::Row& row, const FormCatalogue& forms)
      : table_(table), row_(row), forms_(forms) {}

  const std::string& text(std::string_view column) const { return table_.cell(row_, column); }
  [[noreturn]] void refuse(const std::string& problem) const { table_.refuse(row_, problem); }

  FieldPlace place(const std::string& doc_type, std::string_view field) const {
    const FormDescription* form = forms_.form(doc_type);
    if (form == nullptr) refuse("there is no document type '" + doc_type + "'");
    std::vector<std::string_view> known;
    for (const FieldDescription& description : form->fields) {
      if (description.id == field) return {doc_type, std::string(field), description.row};
      known.emplace_back(description.id);
    }
    const std::string_view near = nearest(field, known);
    refuse(doc_type + " has no field '" + std::string(field) + "'" +
           (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
  }

  /// "DT12.months|DT15.months"
  std::vector<FieldPlace> places(std::string_view column) const {
    std::vector<FieldPlace> places;
    for (const std::string& part : list_of(text(column))) {
      const std::size_t point = part.find('.');
      if (point == std::string::npos) refuse("'" + part + "' is no type and field");
      places.push_back(place(part.substr(0, point), part.substr(point + 1)));
    }
    if (places.empty()) refuse("'" + std::string(column) + "' names no field");
    return places;
  }

  int months(std::string_view column) const {
    int number = 0;
    const std::string& cell = text(column);
    const char* end = cell.data() + cell.size();
    const auto [rest, error] = std::from_chars(cell.data(), end, number);
    if (error != std::errc{} || rest != end || number < 0 || number > 1200) {
      refuse("'" + std::string(column) + "' is no number of months");
    }
    return number;
  }

 private:
  const CsvTable& table_;
  const CsvTable::Row& row_;
  const FormCatalogue& forms_;
};

SumRule sum_in(const ShapeRow& row) {
  SumRule sum{row.text("rule"),
              row.text("variant"),
              row.place(row.text("doc_type"), row.text("total")),
              {},
              {}};
  for (std::string part : list_of(row.text("parts"))) {
    const bool may_lack = part.ends_with('?');
    if (may_lack) part.pop_back();
    sum.parts.push_back({row.place(row.text("doc_type"), part), may_lack});
  }
  if (sum.parts.empty()) row.refuse("the sum has no parts");
  const auto tolerance = Decimal::parse(row.text("tolerance"));
  if (!tolerance) row.refuse("the tolerance is no number");
  sum.tolerance = *tolerance;
  return sum;
}

EqualRule equal_in(const ShapeRow& row) {
  EqualRule equal{row.text("rule"), row.text("variant"), row.places("values"), {}};
  const std::string& likeness = row.text("compare");
  if (likeness == "exact") {
    equal.likeness = Likeness::exact;
  } else if (likeness == "amount") {
    equal.likeness = Likeness::amount;
  } else if (likeness == "text") {
    equal.likeness = Likeness::text;
  } else if (likeness == "name") {
    equal.likeness = Likeness::name;
  } else {
    row.refuse("'compare' is none of exact, amount, text, name");
  }
  return equal;
}

OrderRule order_in(const ShapeRow& row) {
  OrderRule order;
  order.rule = row.text("rule");
  order.variant = row.text("variant");
  order.birth = row.text("earlier") == kBirth;
  if (!order.birth) order.earlier = row.places("earlier");
  order.later = row.places("later");
  order.months_least = row.months("months_least");
  const std::string& scope = row.text("scope");
  if (scope != "page" && scope != "dossier") row.refuse("'scope' is neither page nor dossier");
  order.same_page = scope == "page";
  return order;
}

template <class Rule, class Read>
std::vector<Rule> rules_in(const TablePath& file, const FormCatalogue& forms,
                           Read read) {
  const CsvTable table = CsvTable::read(file);
  std::vector<Rule> rules;
  for (const CsvTable::Row& row : table.rows()) {
    rules.push_back(read(ShapeRow(table, row, forms)));
  }
  return rules;
}

}  // namespace

CheckShapes CheckShapes::load(const TablePath& config_folder,
                              const FormCatalogue& forms) {
  const TablePath folder = config_folder / "checks";
  return {rules_in<SumRule>(folder / "sums.csv", forms, sum_in),
          rules_in<EqualRule>(folder / "equal_values.csv", forms, equal_in),
          rules_in<OrderRule>(folder / "orders.csv", forms, order_in)};
}

}  // namespace archive
