#include "core/retention.h"

#include <charconv>
#include <limits>

namespace archive {
namespace {

/// Nothing for a code that names no period.
std::optional<int> years_of(std::string_view code) {
  if (code == "Y") return std::numeric_limits<int>::max();
  int years = 0;
  if (!code.starts_with('D')) return std::nullopt;
  const char* end = code.data() + code.size();
  const auto [rest, error] = std::from_chars(code.data() + 1, end, years);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return years;
}

}  // namespace

std::optional<Date> retention_start(Date formed) { return Date::of(formed.year() + 1, 1, 1); }

std::optional<Date> appraisal_day(Date formed, int years) {
  return Date::of(formed.year() + 1 + years, 1, 1);
}

bool keeps_at_least(std::string_view code, std::string_view least) {
  if (least == "HOLD" || code == least || code == "Y") return true;
  const auto years = years_of(code);
  const auto years_min = years_of(least);
  return years && years_min && *years >= *years_min;
}

}  // namespace archive
