#include "checks/doubt.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#include "core/digits.h"
#include "core/money.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr int kApartMost = 4;

/// The digits of a text, without all that stands between them.
std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
  return digits;
}

bool is_amount(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

/// 6812.00 read as 681200, 10919.04 as 4, 301.28 as 301: writers do not err so. What was read is
/// the raw text: a value has decimals that nobody printed.
bool has_lost_its_point_or_digits(const FieldFact& printed, std::string_view expected) {
  if (printed.value == expected || !is_amount(expected)) return false;
  const std::string read = digits_of(printed.raw.empty() ? printed.value : printed.raw);
  const std::string whole = digits_of(expected);
  if (read.empty() || whole.empty()) return false;
  if (read == whole || read == whole + "00" || read + "00" == whole) return true;
  return read.size() + 2 <= whole.size() && (whole.starts_with(read) || whole.ends_with(read));
}

/// An amount of quite another size was read from somewhere else on the page.
bool is_of_another_size(std::string_view printed, std::string_view expected) {
  constexpr std::int64_t kTimes = 20;
  const auto read = Money::parse(printed), whole = Money::parse(expected);
  if (!read || !whole || read->cents() <= 0 || whole->cents() <= 0) return false;
  return read->cents() / kTimes > whole->cents() || whole->cents() / kTimes > read->cents();
}

}  // namespace

int characters_apart(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  const std::u32string from = code_points(a.substr(0, 200)), to = code_points(b.substr(0, 200));
  const auto length = [](const std::u32string& text) { return static_cast<int>(text.size()); };
  if (std::abs(length(from) - length(to)) >= kApartMost) return kApartMost;
  std::vector<int> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= from.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const int exchanged = diagonal + (from[i - 1] != to[j - 1] ? 1 : 0);
      diagonal = row[j];
      row[j] = std::min({exchanged, row[j] + 1, row[j - 1] + 1});
    }
  }
  return std::min(row.back(), kApartMost);
}

bool is_beyond_doubt(const FieldFact& printed, const CheckTables& tables) {
  if (printed.by_person) return true;
  constexpr std::array<std::string_view, 4> kKeys = {"printed", "printed_row", "handwritten",
                                                     "handwritten_row"};
  const std::size_t key = (printed.handwritten ? 2 : 0) + (printed.row >= 0 ? 1 : 0);
  const auto sure = tables.parameters.always({"sure_sign", kKeys[key]});
  const auto confidence = static_cast<std::int64_t>(printed.confidence * Decimal::kOne);
  return !sure || confidence >= sure->millionths();
}

bool a_sign_may_be_misread(const FieldFact& printed, std::string_view meant,
                           const CheckTables& tables) {
  return !is_beyond_doubt(printed, tables) && characters_apart(printed.value, meant) == 1;
}

bool may_be_misread(const FieldFact& printed, std::string_view meant, const CheckTables& tables) {
  if (printed.by_person) return false;
  return has_lost_its_point_or_digits(printed, meant) ||
         a_sign_may_be_misread(printed, meant, tables);
}

bool likelier_misread(const FieldFact& printed, std::string_view expected,
                      const CheckTables& tables) {
  if (may_be_misread(printed, expected, tables)) return true;
  return !printed.by_person && is_of_another_size(printed.value, expected);
}

bool a_digit_would_mend(const FieldFact& printed, const CheckTables& tables,
                        const std::function<bool(const std::string& value)>& keeps) {
  if (is_beyond_doubt(printed, tables)) return false;
  constexpr std::size_t kLongest = 40;  // no number, date or amount is longer
  const std::string& value = printed.value;
  if (value.size() > kLongest) return false;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const bool here = i < value.size() && is_digit(value[i]);
    if (here && keeps(std::string(value).erase(i, 1))) return true;
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (here && digit != value[i] && keeps(std::string(value).replace(i, 1, 1, digit))) {
        return true;
      }
      if (keeps(std::string(value).insert(i, 1, digit))) return true;
    }
  }
  return false;
}

}  // namespace archive
