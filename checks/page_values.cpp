#include "checks/page_values.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "checks/dossier_view.h"

namespace archive {
namespace {

constexpr int kCountDigits = 6;

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end || text.size() > kCountDigits) return std::nullopt;
  return number;
}

template <class T, class Make>
Read<T> read(const FieldFact* fact, Make make) {
  if (fact == nullptr) return {};
  return {fact, make(fact->value)};
}

std::optional<YearMonth> printed_month(std::string_view text) {
  const auto date = printed_date(text);
  if (!date) return std::nullopt;
  return date->month;
}

/// Nobody pays more than the whole wage: a number of 1 or more is a percentage.
std::optional<Decimal> share_of(std::string_view text) {
  const auto number = Decimal::parse(text);
  if (!number || *number < Decimal::of(1)) return number;
  return Decimal::parse(std::string(text) + "%");
}

}  // namespace

bool PrintedDate::agrees_with(const PrintedDate& other) const {
  return day && other.day ? *day == *other.day : month == other.month;
}

bool PrintedDate::before(const PrintedDate& other) const {
  return day && other.day ? *day < *other.day : month < other.month;
}

std::optional<PrintedDate> printed_date(std::string_view text) {
  // Values are normalised: 2004-06-30 or 2004-06.
  const bool has_day = text.size() == 10 && text[7] == '-';
  if ((text.size() != 7 && !has_day) || text[4] != '-') return std::nullopt;
  const auto year = whole_number(text.substr(0, 4));
  const auto month = whole_number(text.substr(5, 2));
  if (!year || !month || *year < 0 || *month < 0) return std::nullopt;
  const auto whole = YearMonth::of(*year, static_cast<unsigned>(*month));
  if (!whole) return std::nullopt;
  if (!has_day) return PrintedDate{*whole, std::nullopt};
  const auto day = whole_number(text.substr(8, 2));
  if (!day || *day < 0) return std::nullopt;
  const auto date = Date::of(*year, whole->month(), static_cast<unsigned>(*day));
  if (!date) return std::nullopt;
  return PrintedDate{*whole, *date};
}

PageValues::PageValues(const PageFact& page) : page_(&page) {
  sorted_.reserve(page.fields.size());
  for (const FieldFact& fact : page.fields) sorted_.push_back(&fact);
  std::ranges::stable_sort(sorted_, [](const FieldFact* a, const FieldFact* b) {
    return a->row != b->row ? a->row < b->row : a->field < b->field;
  });
  for (const FieldFact* fact : sorted_) {
    if (fact->row >= 0 && (rows_.empty() || rows_.back() != fact->row)) rows_.push_back(fact->row);
  }
}

const FieldFact* PageValues::any(std::string_view field, int row) const {
  const auto found = std::ranges::lower_bound(
      sorted_, std::pair(row, field), {},
      [](const FieldFact* fact) { return std::pair(fact->row, std::string_view(fact->field)); });
  if (found == sorted_.end() || (*found)->row != row || (*found)->field != field) return nullptr;
  return *found;
}

const FieldFact* PageValues::believed(std::string_view field, int row) const {
  auto found = std::ranges::lower_bound(
      sorted_, std::pair(row, field), {},
      [](const FieldFact* fact) { return std::pair(fact->row, std::string_view(fact->field)); });
  for (; found != sorted_.end() && (*found)->row == row && (*found)->field == field; ++found) {
    if (is_believed(**found)) return *found;
  }
  return nullptr;
}

bool PageValues::doubtful(std::string_view field, int row) const {
  return any(field, row) != nullptr && believed(field, row) == nullptr;
}

Read<Money> PageValues::money(std::string_view field, int row) const {
  return read<Money>(believed(field, row), [](const std::string& text) -> std::optional<Money> {
    const auto amount = Money::parse(text);
    if (!amount) return std::nullopt;
    return *amount;
  });
}

Read<PrintedDate> PageValues::date(std::string_view field, int row) const {
  return read<PrintedDate>(believed(field, row), printed_date);
}

Read<YearMonth> PageValues::month(std::string_view field, int row) const {
  return read<YearMonth>(believed(field, row), printed_month);
}

Read<int> PageValues::count(std::string_view field, int row) const {
  return read<int>(believed(field, row), whole_number);
}

Read<Decimal> PageValues::share(std::string_view field, int row) const {
  return read<Decimal>(believed(field, row), share_of);
}

Read<Decimal> PageValues::number(std::string_view field, int row) const {
  return read<Decimal>(believed(field, row), Decimal::parse);
}

}  // namespace archive
