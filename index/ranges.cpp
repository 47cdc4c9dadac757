#include "index/ranges.h"

#include <algorithm>
#include <cstdio>

#include "core/utf8.h"
#include "index/terms.h"

namespace archive {
namespace {

constexpr int kYearMin = 1900;
constexpr int kYearMax = 2099;
constexpr std::size_t kWholeDigitsMax = 9;  // longer numbers are codes and accounts
constexpr int kLevels = 6;
constexpr std::uint64_t kStep = 100;
constexpr std::uint64_t kHundredthsMax = 99'999'999'999;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

int last_day_of(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

/// The first and the last day of 2009, 2009-03 or 2009-03-05.
std::optional<std::pair<Day, Day>> days_of(std::string_view exact) {
  if (exact.size() < 4 || !all_digits(exact.substr(0, 4))) return std::nullopt;
  const int year = number(exact.substr(0, 4));
  if (year < kYearMin || year > kYearMax) return std::nullopt;
  if (exact.size() == 4) return std::pair(Day{year, 1, 1}, Day{year, 12, 31});
  if (exact.size() < 7 || exact[4] != '-' || !all_digits(exact.substr(5, 2))) return std::nullopt;
  const int month = number(exact.substr(5, 2));
  if (month < 1 || month > 12) return std::nullopt;
  const int last = last_day_of(year, month);
  if (exact.size() == 7) return std::pair(Day{year, month, 1}, Day{year, month, last});
  if (exact.size() != 10 || exact[7] != '-' || !all_digits(exact.substr(8))) return std::nullopt;
  const Day day = {year, month, number(exact.substr(8))};
  if (day.day < 1 || day.day > last) return std::nullopt;
  return std::pair(day, day);
}

std::optional<std::uint64_t> hundredths_of(std::string_view exact) {
  const std::size_t point = std::min(exact.find('.'), exact.size());
  const std::string_view whole = exact.substr(0, point);
  const std::string_view part = point < exact.size() ? exact.substr(point + 1) : "";
  if (!all_digits(whole) || whole.size() > kWholeDigitsMax) return std::nullopt;
  if (point < exact.size() && (!all_digits(part) || part.size() > 2)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : whole) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  value *= 100;
  if (part.size() == 1) value += static_cast<std::uint64_t>(part[0] - '0') * 10;
  if (part.size() == 2) value += static_cast<std::uint64_t>(number(part));
  return value;
}

std::string year_name(int year) { return std::to_string(year); }

std::string month_name(int year, int month) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d", year, month);
  return text;
}

std::string day_name(const Day& day) {
  char text[24];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
  return text;
}

std::string year_term(std::string_view field, int year) {
  return field.empty() ? term(prefix::kYear, year_name(year))
                       : term(field_prefix(prefix::kYear, field), year_name(year));
}

std::string amount_term(std::string_view field, int level, std::uint64_t value) {
  return term(field_prefix(prefix::kAmount, field),
              std::to_string(level) + ":" + std::to_string(value));
}

/// A number in hundredths as values are kept: 4500.50 and 4500.5; 4500, 4500.0 and 4500.00.
std::vector<std::string> spellings_of(std::uint64_t hundredths) {
  const std::string whole = std::to_string(hundredths / 100);
  const std::string tenth = std::to_string(hundredths % 100 / 10);
  const std::string last = std::to_string(hundredths % 10);
  std::vector<std::string> spellings = {whole + "." + tenth + last};
  if (last == "0") spellings.push_back(whole + "." + tenth);
  if (last == "0" && tenth == "0") spellings.push_back(whole);
  return spellings;
}

/// What stands before or after the dots, without the unit behind it: 3000元, 2009年.
std::optional<std::string> end_of_range(std::u32string_view text) {
  std::string exact = exact_form(utf8(text));
  for (const std::string_view unit : {"年", "元", "月", "个月"}) {
    if (!exact.ends_with(unit)) continue;
    const std::string bare = exact.substr(0, exact.size() - unit.size());
    if (days_of(bare) || hundredths_of(bare)) exact = bare;
  }
  if (exact.empty() || days_of(exact) || hundredths_of(exact)) return exact;
  return std::nullopt;
}

}  // namespace

bool ValueRange::holds(std::string_view exact) const {
  if (days) {
    const auto value = days_of(exact);
    if (value && exact.size() > 4 && days->first <= value->first && value->second <= days->second) {
      return true;
    }
  }
  if (!hundredths) return false;
  const auto value = hundredths_of(exact);
  return value && hundredths->first <= *value && *value <= hundredths->second;
}

bool ValueRange::backwards() const {
  return (days && days->second < days->first) ||
         (hundredths && hundredths->second < hundredths->first);
}

std::optional<ValueRange> range_of(std::u32string_view text) {
  const std::size_t dots = text.find(U"..");
  if (dots == std::u32string_view::npos) return std::nullopt;
  const auto low = end_of_range(text.substr(0, dots));
  const auto high = end_of_range(text.substr(dots + 2));
  if (!low || !high || (low->empty() && high->empty())) return std::nullopt;

  ValueRange range{*low, *high, {}, {}};
  const auto first = low->empty() ? std::pair(Day{kYearMin, 1, 1}, Day{}) : days_of(*low);
  const auto last = high->empty() ? std::pair(Day{}, Day{kYearMax, 12, 31}) : days_of(*high);
  if (first && last) range.days = {first->first, last->second};
  const auto least = low->empty() ? 0 : hundredths_of(*low);
  const auto most = high->empty() ? kHundredthsMax : hundredths_of(*high);
  if (least && most) range.hundredths = {*least, *most};
  if (!range.days && !range.hundredths) return std::nullopt;
  return range;
}

std::optional<Months> months_of(const ValueRange& range) {
  if (!range.days) return std::nullopt;
  const auto& [first, last] = *range.days;
  return Months{first.year * 12 + first.month - 1, last.year * 12 + last.month - 1};
}

std::vector<std::string> date_terms(const ValueRange& range, std::string_view field) {
  std::vector<std::string> terms;
  if (!range.days) return terms;
  const std::string in =
      field.empty() ? std::string(prefix::kText) : field_prefix(prefix::kFieldText, field);
  const Day end = range.days->second;
  for (Day at = range.days->first; at <= end;) {
    const Day year_end = {at.year, 12, 31};
    const Day month_end = {at.year, at.month, last_day_of(at.year, at.month)};
    if (at.month == 1 && at.day == 1 && year_end <= end) {
      terms.push_back(year_term(field, at.year));
      at = {at.year + 1, 1, 1};
      continue;
    }
    const bool whole_month = at.day == 1 && month_end <= end;
    terms.push_back(term(in, whole_month ? month_name(at.year, at.month) : day_name(at)));
    if (!whole_month && at < month_end) {
      ++at.day;
    } else {
      at = at.month == 12 ? Day{at.year + 1, 1, 1} : Day{at.year, at.month + 1, 1};
    }
  }
  return terms;
}

std::vector<std::string> amount_terms(const ValueRange& range, std::string_view field) {
  std::vector<std::string> terms;
  if (!range.hundredths) return terms;
  auto [low, high] = *range.hundredths;
  high = std::min(high, kHundredthsMax);
  const auto add = [&](int level, std::uint64_t value) {
    // A page of a small number has the lowest level at which nothing is left, and none above.
    for (int lower = 1; value == 0 && lower < level; ++lower) {
      terms.push_back(amount_term(field, lower, 0));
    }
    if (level > 0) {
      terms.push_back(amount_term(field, level, value));
      return;
    }
    for (const std::string& exact : spellings_of(value)) {
      terms.push_back(term(field_prefix(prefix::kFieldExact, field), exact));
    }
  };
  for (int level = 0; level < kLevels && low <= high; ++level) {
    const bool highest = level + 1 == kLevels;
    while (low <= high && (highest || low % kStep != 0)) add(level, low++);
    while (low <= high && high % kStep != kStep - 1) {
      add(level, high);
      if (high-- == 0) return terms;
    }
    if (low > high) break;
    low /= kStep;
    high /= kStep;
  }
  return terms;
}

std::vector<std::string> period_terms(const Months& wanted) {
  std::vector<std::string> terms;
  for (int at = wanted.first; at <= wanted.last;) {
    const int year = at / 12;
    const int month = at % 12 + 1;
    if (month == 1 && at + 11 <= wanted.last) {
      terms.push_back(term(prefix::kPaidSome, year_name(year)));
      at += 12;
      continue;
    }
    if (at == wanted.first || month == 1) {
      terms.push_back(term(prefix::kPaidYear, year_name(year)));
    }
    terms.push_back(term(prefix::kPaidMonth, month_name(year, month)));
    ++at;
  }
  return terms;
}

std::vector<std::string> value_terms(std::string_view exact, std::string_view field) {
  if (const auto days = days_of(exact); days && exact.size() > 4) {
    return {year_term(field, days->first.year)};
  }
  std::vector<std::string> terms;
  if (field.empty()) return terms;
  const auto value = hundredths_of(exact);
  if (!value) return terms;
  std::uint64_t rest = *value;
  for (int level = 1; level < kLevels; ++level) {
    rest /= kStep;
    terms.push_back(amount_term(field, level, rest));
    if (rest == 0) break;
  }
  // A bare 2004 may be a year as well.
  if (days_of(exact)) terms.push_back(year_term(field, number(exact)));
  return terms;
}

bool is_amount(std::string_view text) { return hundredths_of(text).has_value(); }

std::vector<std::string> paid_terms(const Months& paid) {
  std::vector<std::string> terms;
  for (int at = paid.first; at <= paid.last;) {
    const int year = at / 12;
    const bool whole = at % 12 == 0 && at + 11 <= paid.last;
    if (at == paid.first || at % 12 == 0) {
      terms.push_back(term(prefix::kPaidSome, year_name(year)));
    }
    terms.push_back(whole ? term(prefix::kPaidYear, year_name(year))
                          : term(prefix::kPaidMonth, month_name(year, at % 12 + 1)));
    at += whole ? 12 : 1;
  }
  return terms;
}

std::optional<int> month_of(std::string_view exact) {
  if (exact.size() < 7) return std::nullopt;
  const auto days = days_of(exact);
  if (!days) return std::nullopt;
  return days->first.year * 12 + days->first.month - 1;
}

}  // namespace archive
