#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/calendar.h"
#include "core/decimal.h"
#include "core/facts.h"
#include "core/money.h"

namespace archive {

/// A date as a paper prints it: to the day, or to the month only.
struct PrintedDate {
  YearMonth month;
  std::optional<Date> day;

  std::string text() const { return day ? day->text() : month.text(); }
  /// Compared at the coarser precision of the two.
  bool agrees_with(const PrintedDate& other) const;
  bool before(const PrintedDate& other) const;
};

/// A value and where it was read; nothing when the page lacks it, when nobody is sure of it, or
/// when it is none of its kind.
template <class T>
struct Read {
  const FieldFact* fact = nullptr;
  std::optional<T> value;

  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }
};

/// The values of one page the way rules ask for them, found without going through all of them
/// each time. Points into the page, which must live longer.
class PageValues {
 public:
  explicit PageValues(const PageFact& page);

  const PageFact& page() const { return *page_; }

  /// The first value of that name and row, whether anybody believes it or not; null: none.
  const FieldFact* any(std::string_view field, int row = -1) const;
  /// The first believed one.
  const FieldFact* believed(std::string_view field, int row = -1) const;
  /// True when something stands there that nobody is sure of.
  bool doubtful(std::string_view field, int row = -1) const;

  Read<Money> money(std::string_view field, int row = -1) const;
  Read<PrintedDate> date(std::string_view field, int row = -1) const;
  Read<YearMonth> month(std::string_view field, int row = -1) const;
  /// A whole number of at most six digits: months, years, grades.
  Read<int> count(std::string_view field, int row = -1) const;
  /// A share: 8, 8% and 0.08 are the same.
  Read<Decimal> share(std::string_view field, int row = -1) const;
  /// A factor as printed: 1.1884.
  Read<Decimal> number(std::string_view field, int row = -1) const;

  /// The rows of its tables, rising.
  const std::vector<int>& rows() const { return rows_; }

 private:
  const PageFact* page_;
  std::vector<const FieldFact*> sorted_;  // by row, then by name, then as on the page
  std::vector<int> rows_;
};

std::optional<PrintedDate> printed_date(std::string_view normalised);

}  // namespace archive
