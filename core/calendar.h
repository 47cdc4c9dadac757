#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace archive {

/// Why a text is not a date or a month.
enum class DateFault {
  shape,     ///< none of the ways in which forms print one
  calendar,  ///< a thirteenth month, a thirtieth of February
  range,     ///< a year outside 1850..2199
};
std::string_view name_of(DateFault fault);

/// A month of a year, as contributions are counted.
class YearMonth {
 public:
  static std::optional<YearMonth> of(int year, unsigned month);

  /// 2004-06, 2004.6, 2004/6, 2004年6月, 200406, 二〇〇四年六月. Full-width signs count
  /// as their ASCII twins and spaces inside are allowed.
  static Result<YearMonth, DateFault> parse(std::string_view text);

  int year() const { return months_ / 12; }
  unsigned month() const { return static_cast<unsigned>(months_ % 12) + 1; }
  std::string text() const;  ///< 2004-06

  YearMonth plus_months(int months) const { return YearMonth(months_ + months); }
  /// Months from `earlier` to `later`; negative when they are swapped.
  friend int operator-(YearMonth later, YearMonth earlier) {
    return later.months_ - earlier.months_;
  }
  auto operator<=>(const YearMonth&) const = default;

 private:
  explicit YearMonth(int months) : months_(months) {}
  int months_;  // since year 0
};

/// A day of the calendar.
class Date {
 public:
  static std::optional<Date> of(int year, unsigned month, unsigned day);

  /// 2004-06-30, 2004.6.30, 2004/6/30, 2004年6月30日, 20040630, 二〇〇四年六月三十日.
  /// Full-width signs count as their ASCII twins and spaces inside are allowed. A
  /// year of two digits is refused: the century would be a guess.
  static Result<Date, DateFault> parse(std::string_view text);

  int year() const { return static_cast<int>(day_.year()); }
  unsigned month() const { return static_cast<unsigned>(day_.month()); }
  unsigned day() const { return static_cast<unsigned>(day_.day()); }
  YearMonth year_month() const { return *YearMonth::of(year(), month()); }
  std::chrono::sys_days days() const { return std::chrono::sys_days{day_}; }
  std::string text() const;  ///< 2004-06-30

  auto operator<=>(const Date&) const = default;

 private:
  explicit Date(std::chrono::year_month_day day) : day_(day) {}
  std::chrono::year_month_day day_;
};

/// True for 长期, the end of an identity card that never expires.
bool means_without_end(std::string_view text);

/// Months from one to another, both included.
class Period {
 public:
  /// Nothing when `to` lies before `from`.
  static std::optional<Period> of(YearMonth from, YearMonth to);

  YearMonth from() const { return from_; }
  YearMonth to() const { return to_; }
  int months() const { return to_ - from_ + 1; }
  bool contains(YearMonth month) const { return month >= from_ && month <= to_; }
  bool overlaps(const Period& other) const { return from_ <= other.to_ && other.from_ <= to_; }
  auto operator<=>(const Period&) const = default;

 private:
  Period(YearMonth from, YearMonth to) : from_(from), to_(to) {}
  YearMonth from_;
  YearMonth to_;
};

}  // namespace archive
