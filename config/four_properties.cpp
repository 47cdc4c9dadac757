#include "config/four_properties.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "config/csv_table.h"

namespace archive {
namespace {

constexpr std::array kProperties = {
    std::pair{Property::authenticity, "authenticity"},
    std::pair{Property::integrity, "integrity"},
    std::pair{Property::usability, "usability"},
    std::pair{Property::security, "security"},
};

constexpr std::array kChecks = {
    std::pair{PropertyCheck::digests, "digests"},
    std::pair{PropertyCheck::values, "values"},
    std::pair{PropertyCheck::archive_number, "archive_number"},
    std::pair{PropertyCheck::repeated, "repeated"},
    std::pair{PropertyCheck::attributes, "attributes"},
    std::pair{PropertyCheck::links, "links"},
    std::pair{PropertyCheck::package, "package"},
    std::pair{PropertyCheck::items, "items"},
    std::pair{PropertyCheck::bytes, "bytes"},
    std::pair{PropertyCheck::elements, "elements"},
    std::pair{PropertyCheck::mandatory, "mandatory"},
    std::pair{PropertyCheck::history, "history"},
    std::pair{PropertyCheck::numbering, "numbering"},
    std::pair{PropertyCheck::content, "content"},
    std::pair{PropertyCheck::records, "records"},
    std::pair{PropertyCheck::formats, "formats"},
    std::pair{PropertyCheck::packing, "packing"},
    std::pair{PropertyCheck::scanner, "scanner"},
    std::pair{PropertyCheck::malware, "malware"},
    std::pair{PropertyCheck::medium, "medium"},
    std::pair{PropertyCheck::process, "process"},
};

template <class Entries>
auto word_in(const CsvTable& table, const CsvTable::Row& row, std::string_view column,
             const Entries& entries) {
  const std::string& word = table.cell(row, column);
  const auto found = std::ranges::find(
      entries, word, [](const auto& entry) -> std::string_view { return entry.second; });
  if (found == entries.end()) {
    table.refuse(row, "'" + word + "' is no word for the column '" + std::string(column) + "'");
  }
  return found->first;
}

bool is_a_rule(const std::string& word, const CheckRules& rules) {
  return std::ranges::any_of(rules.all(), [&word](const auto& entry) {
    return word.ends_with('*') ? entry.second.id.starts_with(word.substr(0, word.size() - 1))
                               : entry.second.id == word;
  });
}

}  // namespace

std::string_view name_of(Property property) {
  return std::ranges::find(kProperties, property, [](const auto& e) { return e.first; })->second;
}

std::string_view name_of(PropertyCheck check) {
  return std::ranges::find(kChecks, check, [](const auto& e) { return e.first; })->second;
}

FourProperties FourProperties::load(const TablePath& config_folder,
                                    const CheckRules& rules) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "four_properties.csv");
  FourProperties properties;
  std::set<std::string> codes;
  for (const CsvTable::Row& row : table.rows()) {
    FourPropertyRow entry;
    entry.code = table.cell(row, "code");
    entry.property = word_in(table, row, "property", kProperties);
    entry.name_zh = table.cell(row, "name_zh");
    entry.name_en = table.cell(row, "name_en");
    entry.check = word_in(table, row, "check", kChecks);
    entry.asks_zh = table.cell(row, "asks_zh");
    entry.asks_en = table.cell(row, "asks_en");
    entry.verified = table.cell(row, "verified");
    if (!codes.insert(entry.code).second) table.refuse(row, "the code stands twice");
    for (const std::string& rule : list_of(table.cell(row, "rules"))) {
      if (!is_a_rule(rule, rules)) table.refuse(row, "there is no rule '" + rule + "'");
      if (!properties.rules_.emplace(rule, entry.check).second) {
        table.refuse(row, "the rule '" + rule + "' counts to two rows");
      }
    }
    properties.rows_.push_back(std::move(entry));
  }
  return properties;
}

std::optional<PropertyCheck> FourProperties::check_for(std::string_view rule) const {
  if (const auto found = rules_.find(rule); found != rules_.end()) return found->second;
  for (const auto& [word, check] : rules_) {
    if (word.ends_with('*') && rule.starts_with(word.substr(0, word.size() - 1))) return check;
  }
  return std::nullopt;
}

}  // namespace archive
