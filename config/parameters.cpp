#include "config/parameters.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "config/csv_table.h"
#include "config/table_version.h"
#include "config/toml_tree.h"
#include "core/digits.h"

namespace archive {
namespace {

/// Of the office itself: rows with its region or a part of it hold, those of others do not.
constexpr std::string_view kOfficeRegion = "office_region";

/// A year, a month or a day as the first or the last of its days.
std::optional<Date> day_of(const std::string& text, bool last) {
  if (const auto day = Date::parse(text)) return *day;
  const std::string month = text.size() == 4 ? text + (last ? "-12" : "-01") : text;
  const auto whole = YearMonth::parse(month);
  if (!whole) return std::nullopt;
  if (!last) return Date::of(whole->year(), whole->month(), 1);
  const YearMonth next = whole->plus_months(1);
  const auto end = std::chrono::year_month_day(Date::of(next.year(), next.month(), 1)->days() -
                                               std::chrono::days{1});
  return Date::of(static_cast<int>(end.year()), static_cast<unsigned>(end.month()),
                  static_cast<unsigned>(end.day()));
}

class ParameterRow {
 public:
  ParameterRow(const CsvTable& table, const CsvTable::Row& row) : table_(table), row_(row) {}

  std::string name() const {
    const std::string& name = table_.cell(row_, "name");
    const auto& known = parameter_names();
    if (std::ranges::find(known, name) != known.end()) return name;
    const std::string_view near = nearest(name, known);
    refuse("there is no parameter '" + name + "'" +
           (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
  }

  std::optional<Date> day(std::string_view column, bool last) const {
    const std::string& text = table_.cell(row_, column);
    if (text.empty()) return std::nullopt;
    const auto day = day_of(text, last);
    if (!day) refuse("'" + std::string(column) + "' is no year, month or day");
    return day;
  }

  Decimal value() const {
    const auto value = Decimal::parse(table_.cell(row_, "value"));
    if (!value) refuse("the value is no number of at most six decimals");
    return *value;
  }

  std::string region() const {
    constexpr std::size_t kWholeCode = 6;
    const std::string& region = table_.cell(row_, "region");
    if (region.size() > kWholeCode || !std::ranges::all_of(region, is_digit)) {
      refuse("the region is no code of at most six digits, such as 330100");
    }
    return region;
  }

  std::string text(std::string_view column) const { return table_.cell(row_, column); }
  [[noreturn]] void refuse(const std::string& problem) const { table_.refuse(row_, problem); }

 private:
  const CsvTable& table_;
  const CsvTable::Row& row_;
};

}  // namespace

const std::vector<std::string_view>& parameter_names() {
  static const std::vector<std::string_view> names = {kOfficeRegion,
                                                      "unit_rate",
                                                      "person_rate",
                                                      "unit_waiver",
                                                      "base_floor",
                                                      "base_ceiling",
                                                      "reference_wage",
                                                      "undeclared_share",
                                                      "late_fee_rate",
                                                      "deadline_day",
                                                      "deadline_months",
                                                      "back_payment_months",
                                                      "account_share",
                                                      "account_interest",
                                                      "pooled_share",
                                                      "minimum_months",
                                                      "divisor_months",
                                                      "transition_share_least",
                                                      "transition_share_most",
                                                      "late_retirement_months",
                                                      "flexible_months",
                                                      "disposable_income",
                                                      "funeral_months",
                                                      "injury_lump_months",
                                                      "injury_allowance_share",
                                                      "injury_apply_days",
                                                      "injury_unit_apply_days",
                                                      "injury_decision_days",
                                                      "unemployment_months",
                                                      "card_number_least",
                                                      "card_number_most",
                                                      "sure_sign",
                                                      "tolerance"};
  return names;
}

Parameters Parameters::load(const TablePath& config_folder) {
  Parameters parameters;
  for (const auto& file : files_below(config_folder / "checks" / "parameters", ".csv")) {
    const CsvTable table = CsvTable::read(file);
    for (const CsvTable::Row& line : table.rows()) {
      const ParameterRow reader(table, line);
      const std::string name = reader.name();
      if (name == kOfficeRegion) {
        if (!parameters.region_.empty()) reader.refuse("the office's region stands twice");
        parameters.region_ = reader.region();
        if (parameters.region_.empty()) reader.refuse("the office has no region");
        continue;
      }
      Row row{reader.region(), reader.text("kind"), reader.day("from", false),
              reader.day("to", true), reader.value()};
      if (row.from && row.to && *row.to < *row.from) reader.refuse("'to' lies before 'from'");
      auto& rows = parameters.rows_[{name, reader.text("key")}];
      for (const Row& other : rows) {
        const bool apart = (row.to && other.from && *row.to < *other.from) ||
                           (other.to && row.from && *other.to < *row.from);
        if (!apart && row.region == other.region && row.kind == other.kind) {
          reader.refuse("another row says the same of '" + name + "' for some of these days");
        }
      }
      rows.push_back(std::move(row));
    }
  }
  return parameters;
}

const std::vector<Parameters::Row>* Parameters::rows_of(std::string_view name,
                                                        std::string_view key) const {
  const auto found = rows_.find(KeyView(name, key));
  return found == rows_.end() ? nullptr : &found->second;
}

template <class Holds>
std::optional<Decimal> Parameters::narrowest(const Question& question, Holds holds) const {
  const std::vector<Row>* rows = rows_of(question.name, question.key);
  if (rows == nullptr) return std::nullopt;
  const Row* best = nullptr;
  const auto rank = [](const Row& row) { return row.region.size() * 2 + !row.kind.empty(); };
  for (const Row& row : *rows) {
    if (!holds(row) || !region_.starts_with(row.region)) continue;
    if (!row.kind.empty() && row.kind != question.kind) continue;
    if (best == nullptr || rank(row) > rank(*best)) best = &row;
  }
  if (best == nullptr) return std::nullopt;
  return best->value;
}

std::optional<Decimal> Parameters::on(Date day, const Question& question) const {
  return narrowest(question, [day](const Row& row) { return row.holds_on(day); });
}

std::optional<Decimal> Parameters::in(YearMonth month, const Question& question) const {
  const auto first = Date::of(month.year(), month.month(), 1);
  if (!first) return std::nullopt;
  return on(*first, question);
}

std::optional<Decimal> Parameters::always(const Question& question) const {
  return narrowest(question, [](const Row& row) { return !row.from && !row.to; });
}

std::vector<Decimal> Parameters::all_on(Date day, std::string_view name,
                                        std::string_view key) const {
  std::vector<Decimal> values;
  const std::vector<Row>* rows = rows_of(name, key);
  if (rows == nullptr) return values;
  for (const Row& row : *rows) {
    if (row.holds_on(day) && region_.starts_with(row.region)) values.push_back(row.value);
  }
  return values;
}

std::string Parameters::step(std::string_view name, int number) const {
  std::string best;
  int highest = -1;
  for (const auto& [key, rows] : rows_) {
    if (key.first != name) continue;
    int step = 0;
    const char* end = key.second.data() + key.second.size();
    const auto [rest, error] = std::from_chars(key.second.data(), end, step);
    if (error != std::errc{} || rest != end || step > number || step <= highest) continue;
    highest = step;
    best = key.second;
  }
  return best;
}

}  // namespace archive
