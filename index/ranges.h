#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// A day. Of a year or a month alone, the first or last day that it has.
struct Day {
  int year = 0;
  int month = 0;
  int day = 0;

  auto operator<=>(const Day&) const = default;
};

/// A stretch of months, both of them in it.
struct Months {
  int first = 0;  ///< year * 12 + month - 1
  int last = 0;
};

/// From one value to another, both of them in it: 2009..2013, 2009-03..2010-02, 3000..4500.50. An
/// end that was left open is the furthest there is.
struct ValueRange {
  std::string low;  ///< as it was understood, empty when open
  std::string high;
  std::optional<std::pair<Day, Day>> days;                            ///< when dates are meant
  std::optional<std::pair<std::uint64_t, std::uint64_t>> hundredths;  ///< when numbers are

  /// Whether a value, in its exact form, lies in it.
  bool holds(std::string_view exact) const;
  /// Its end stands before its beginning: 2013..2009.
  bool backwards() const;
};

/// What stands on both sides of ".." when that are dates or numbers.
std::optional<ValueRange> range_of(std::u32string_view text);

/// The months of a range of dates; nothing when it is none.
std::optional<Months> months_of(const ValueRange& range);

// A range is a handful of terms, any of which a page must have; no page is looked at for it. A
// page has a term for the year, the month and the day of each of its dates, and at most six for a
// number: its exact value, and its hundredths divided by 100, 10,000 and so on until nothing is
// left. A range is cut into the largest of these that fit into it.

/// Of all dates on a page, or of a field's. Empty when the range is none of dates.
std::vector<std::string> date_terms(const ValueRange& range, std::string_view field);
/// Of a field's numbers. Empty when the range is none of numbers.
std::vector<std::string> amount_terms(const ValueRange& range, std::string_view field);
/// Of pages whose contributions (R21) share a month with these.
std::vector<std::string> period_terms(const Months& wanted);

/// What a page has of a value, in its exact form, of a field; of any date on it when the field is
/// empty. Empty when it is neither a date nor a number that ranges are asked of.
std::vector<std::string> value_terms(std::string_view exact, std::string_view field);
/// A number as ranges take it: at most 9 digits and 2 behind the point.
bool is_amount(std::string_view text);
/// What a page has of the months that contributions were paid for.
std::vector<std::string> paid_terms(const Months& paid);
/// The month of a date in its exact form, as Months counts.
std::optional<int> month_of(std::string_view exact);

}  // namespace archive
