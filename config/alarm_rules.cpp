#include "config/alarm_rules.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "config/csv_table.h"
#include "config/toml_tree.h"
#include "core/access_actions.h"

namespace archive {
namespace {

constexpr int kCountMost = 10'000;
constexpr int kSecondsMost = 7 * 86'400;
constexpr int kMinutesOfHour = 60;
constexpr int kHoursOfDay = 24;

std::optional<int> number_in(std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

/// Minutes of "06:30".
std::optional<int> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = number_in(text.substr(0, 2), 0, kHoursOfDay);
  const auto minute = number_in(text.substr(3), 0, kMinutesOfHour - 1);
  if (!hour || !minute) return std::nullopt;
  return *hour * kMinutesOfHour + *minute;
}

void read_hours(const CsvTable& table, const CsvTable::Row& row, AlarmRule& rule) {
  const std::string& hours = table.cell(row, "hours");
  if (hours.empty()) return;
  const std::size_t dash = hours.find('-');
  const auto from = time_of_day(hours.substr(0, dash));
  const auto to = dash == std::string::npos ? std::nullopt : time_of_day(hours.substr(dash + 1));
  if (!from || !to || *from >= *to) table.refuse(row, "'hours' is not as 06:00-21:00");
  rule.open_from = *from;
  rule.open_to = *to;
}

void check_actions(const CsvTable& table, const CsvTable::Row& row, const AlarmRule& rule) {
  if (rule.actions.empty()) table.refuse(row, "no action sets it off");
  for (const std::string& action : rule.actions) {
    if (is_access_action(action)) continue;
    const std::string_view near =
        nearest(action, {kAccessActions.begin(), kAccessActions.end()});
    table.refuse(row, "the access log knows no action '" + action + "'" +
                          (near.empty() ? "" : "; nearest: '" + std::string(near) + "'"));
  }
}

}  // namespace

AlarmRules AlarmRules::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "duties" / "alarms.csv");
  AlarmRules rules;
  for (const CsvTable::Row& row : table.rows()) {
    AlarmRule rule;
    rule.name = table.cell(row, "alarm");
    rule.zh = table.cell(row, "zh");
    rule.en = table.cell(row, "en");
    rule.actions = list_of(table.cell(row, "actions"));
    if (rule.name.empty() || rules.find(rule.name) != nullptr) {
      table.refuse(row, "the alarm has no name, or one that stands twice");
    }
    check_actions(table, row, rule);
    const auto count = number_in(table.cell(row, "count"), 1, kCountMost);
    const auto within = number_in(table.cell(row, "within_s"), 1, kSecondsMost);
    if (!count || !within) table.refuse(row, "'count' or 'within_s' is no number, or too large");
    rule.count = *count;
    rule.within_s = *within;
    const std::string& distinct = table.cell(row, "distinct");
    if (distinct != "yes" && distinct != "no") {
      table.refuse(row, "'distinct' is neither yes nor no");
    }
    rule.distinct = distinct == "yes";
    read_hours(table, row, rule);
    rules.rules_.push_back(std::move(rule));
  }
  return rules;
}

const AlarmRule* AlarmRules::find(std::string_view name) const {
  const auto found = std::ranges::find(rules_, name, &AlarmRule::name);
  return found == rules_.end() ? nullptr : &*found;
}

}  // namespace archive
