#include "core/finding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace archive {
namespace {

constexpr std::array kSeverities = {
    std::pair{Severity::info, "info"},
    std::pair{Severity::warn, "warn"},
    std::pair{Severity::error, "error"},
};

constexpr std::array kStates = {
    std::pair{FindingState::open, "open"},
    std::pair{FindingState::accepted, "accepted"},
    std::pair{FindingState::corrected, "corrected"},
};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
  return std::ranges::find(table, value, [](const auto& row) { return row.first; })->second;
}

template <class Value, class Table>
std::optional<Value> value_in(const Table& table, std::string_view name) {
  const auto row =
      std::ranges::find(table, name, [](const auto& r) -> std::string_view { return r.second; });
  if (row == table.end()) return std::nullopt;
  return row->first;
}

}  // namespace

std::string_view name_of(Severity severity) { return name_in(kSeverities, severity); }
std::optional<Severity> severity_named(std::string_view name) {
  return value_in<Severity>(kSeverities, name);
}
std::string_view name_of(FindingState state) { return name_in(kStates, state); }

std::string key_of(const Finding& finding) {
  // The unit separator stands in no value: text that is read has no control characters.
  constexpr char kBetween = '\x1f';
  std::string key = finding.rule + kBetween + finding.variant + kBetween + finding.expected;
  for (const FindingPlace& place : finding.places) {
    key += kBetween + std::to_string(place.page) + kBetween + place.field + kBetween +
           std::to_string(place.row) + kBetween + place.printed;
  }
  for (const auto& [name, word] : finding.words) key += kBetween + name + kBetween + word;
  return key;
}

}  // namespace archive
