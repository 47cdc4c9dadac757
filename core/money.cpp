#include "core/money.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/digits.h"
#include "core/utf8.h"
#include "core/width.h"

namespace archive {
namespace {

constexpr std::int64_t kLargestYuan = Money::kLargestCents / 100;

// Capital numerals as bank forms write them, with the traditional forms and the
// everyday numerals that clerks mix in.
int capital_digit(char32_t c) {
  constexpr std::array<std::u32string_view, 10> kForms = {
      U"零〇", U"壹一弌", U"贰贰貳二两弍", U"叁叄參三弎", U"肆四",
      U"伍五", U"陆陸六", U"柒七",         U"捌八",       U"玖九"};
  for (std::size_t digit = 0; digit < kForms.size(); ++digit) {
    if (kForms[digit].find(c) != std::u32string_view::npos) return static_cast<int>(digit);
  }
  return -1;
}

// Units inside a group of four numerals.
int small_unit(char32_t c) {
  switch (c) {
    case U'拾':
    case U'十':
      return 10;
    case U'佰':
    case U'百':
      return 100;
    case U'仟':
    case U'千':
      return 1000;
    default:
      return 0;
  }
}

std::int64_t large_unit(char32_t c) {
  switch (c) {
    case U'万':
    case U'萬':
      return 10'000;
    case U'亿':
    case U'億':
      return 100'000'000;
    default:
      return 0;
  }
}

bool is_yuan(char32_t c) { return c == U'元' || c == U'圆' || c == U'圓'; }
bool is_end_mark(char32_t c) { return c == U'整' || c == U'正'; }

std::u32string trimmed(std::u32string_view text) {
  const auto first = text.find_first_not_of(U" \t");
  if (first == std::u32string_view::npos) return {};
  return std::u32string(text.substr(first, text.find_last_not_of(U" \t") - first + 1));
}

/// Reads "贰拾叁" into 23 and so on; the whole of `text` must be used.
Result<std::int64_t, MoneyFault> capital_number(std::u32string_view text) {
  std::int64_t total = 0, group = 0;
  int digit = -1, last_unit = 10'000;
  std::int64_t last_large = kLargestYuan;
  for (char32_t c : text) {
    if (const int value = capital_digit(c); value >= 0) {
      if (digit > 0) return Failure{MoneyFault::order};
      digit = value;
    } else if (const int unit = small_unit(c); unit > 0) {
      if (unit >= last_unit || digit == 0) return Failure{MoneyFault::order};
      if (digit < 0 && (unit != 10 || group != 0 || total != 0)) {
        return Failure{MoneyFault::order};  // only 拾 may lead, as in 拾伍元
      }
      group += (digit < 0 ? 1 : digit) * unit;
      last_unit = unit;
      digit = -1;
    } else if (const std::int64_t large = large_unit(c); large > 0) {
      if (large >= last_large) return Failure{MoneyFault::order};
      if (digit > 0) group += digit;
      if (group == 0) return Failure{MoneyFault::order};
      total += group * large;
      last_large = large;
      group = 0;
      digit = -1;
      last_unit = 10'000;
    } else {
      return Failure{MoneyFault::character};
    }
  }
  return total + group + (digit > 0 ? digit : 0);
}

Result<Money, MoneyFault> parse_capitals(std::u32string_view text) {
  while (!text.empty() && is_end_mark(text.back())) text.remove_suffix(1);
  std::int64_t cents = 0;
  // 角 and 分, each after one numeral; a 零 between yuan and fen is filler.
  for (const auto& [mark, worth] : {std::pair{U'分', 1}, std::pair{U'角', 10}}) {
    if (text.empty() || text.back() != mark) continue;
    const int digit = text.size() < 2 ? -1 : capital_digit(text[text.size() - 2]);
    if (digit < 0) return Failure{MoneyFault::order};
    cents += digit * worth;
    text.remove_suffix(2);
  }
  while (!text.empty() && capital_digit(text.back()) == 0) text.remove_suffix(1);
  if (text.empty()) return Money::of_cents(cents);
  if (!is_yuan(text.back())) return Failure{MoneyFault::order};
  text.remove_suffix(1);
  if (text.empty()) return Failure{MoneyFault::empty};
  const auto yuan = capital_number(text);
  if (!yuan) return Failure{yuan.error()};
  if (*yuan >= kLargestYuan) return Failure{MoneyFault::range};
  return Money::of_cents(*yuan * 100 + cents);
}

bool commas_stand_right(std::u32string_view whole) {
  if (whole.find(U',') == std::u32string_view::npos) return true;
  std::size_t run = 0;
  bool first = true;
  for (char32_t c : whole) {
    if (c != U',') {
      ++run;
      continue;
    }
    if (first ? (run == 0 || run > 3) : run != 3) return false;
    first = false;
    run = 0;
  }
  return run == 3;
}

Result<Money, MoneyFault> parse_figures(std::u32string_view text) {
  const bool negative = !text.empty() && text.front() == U'-';
  if (negative) text.remove_prefix(1);
  const auto point = text.find(U'.');
  const std::u32string_view whole = text.substr(0, point);
  const std::u32string_view rest =
      point == std::u32string_view::npos ? std::u32string_view() : text.substr(point + 1);

  std::int64_t yuan = 0;
  std::size_t digits = 0;
  for (char32_t c : whole) {
    if (c == U',') continue;
    if (!is_digit(c)) return Failure{MoneyFault::character};
    if (yuan > kLargestYuan / 10) return Failure{MoneyFault::range};
    yuan = yuan * 10 + static_cast<std::int64_t>(c - U'0');
    ++digits;
  }
  if (digits == 0) return Failure{MoneyFault::empty};
  if (!commas_stand_right(whole)) return Failure{MoneyFault::grouping};
  if (yuan >= kLargestYuan) return Failure{MoneyFault::range};

  const bool bare_point = point != std::u32string_view::npos && rest.empty();
  if (!std::ranges::all_of(rest, is_digit)) return Failure{MoneyFault::character};
  if (rest.size() > 2 || bare_point) return Failure{MoneyFault::decimals};
  std::int64_t cents = 0;
  for (char32_t c : rest) cents = cents * 10 + static_cast<std::int64_t>(c - U'0');
  if (rest.size() == 1) cents *= 10;
  const std::int64_t all = yuan * 100 + cents;
  return Money::of_cents(negative ? -all : all);
}

}  // namespace

std::string_view name_of(MoneyFault fault) {
  switch (fault) {
    case MoneyFault::empty:
      return "empty";
    case MoneyFault::character:
      return "character";
    case MoneyFault::grouping:
      return "grouping";
    case MoneyFault::decimals:
      return "decimals";
    case MoneyFault::order:
      return "order";
    case MoneyFault::range:
      return "range";
  }
  return "unknown";
}

Result<Money, MoneyFault> Money::parse(std::string_view input) {
  std::u32string text = code_points(half_width(input));
  text = trimmed(text);
  for (const std::u32string_view prefix : {U"人民币", U"RMB", U"¥"}) {
    if (text.starts_with(prefix)) text = trimmed(std::u32string_view(text).substr(prefix.size()));
  }
  if (text.empty()) return Failure{MoneyFault::empty};
  const char32_t first = text.front();
  if (capital_digit(first) >= 0 || small_unit(first) > 0) return parse_capitals(text);
  if (is_end_mark(text.back())) text.pop_back();
  if (!text.empty() && is_yuan(text.back())) text.pop_back();
  return parse_figures(trimmed(text));
}

std::string Money::text() const {
  const bool negative = cents_ < 0;
  const std::uint64_t all =
      negative ? 0 - static_cast<std::uint64_t>(cents_) : static_cast<std::uint64_t>(cents_);
  std::string fen = std::to_string(all % 100);
  if (fen.size() == 1) fen.insert(0, "0");
  return (negative ? "-" : "") + std::to_string(all / 100) + "." + fen;
}

}  // namespace archive
