#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace archive {

/// Why a text is not an amount of money.
enum class MoneyFault {
  empty,      ///< no digits
  character,  ///< a sign that belongs to no amount
  grouping,   ///< commas that do not stand before groups of three: 1,23.40
  decimals,   ///< more than two digits after the point
  order,      ///< capital numerals in an order that spells no number: 拾佰元
  range,      ///< kLargestCents or more
};
std::string_view name_of(MoneyFault fault);

/// An amount in yuan and fen, exact: a count of fen, never a floating-point number.
class Money {
 public:
  /// A trillion yuan, far above any fund of a county; sums stay inside 64 bits.
  static constexpr std::int64_t kLargestCents = 100'000'000'000'000;

  constexpr Money() = default;
  static constexpr Money of_cents(std::int64_t cents) { return Money(cents); }

  /// An amount as forms print it: 1234.5, 1,234.50, ￥1,234.50, 1234.50元, -12.00, or
  /// in capital numerals, 人民币壹仟贰佰叁拾肆元伍角整. Full-width signs count as
  /// their ASCII twins; spaces around it are allowed, spaces inside are not.
  static Result<Money, MoneyFault> parse(std::string_view text);

  constexpr std::int64_t cents() const { return cents_; }
  std::string text() const;  ///< "-1234.56": two decimals, no separators

  constexpr auto operator<=>(const Money&) const = default;
  friend constexpr Money operator+(Money a, Money b) { return Money(a.cents_ + b.cents_); }
  friend constexpr Money operator-(Money a, Money b) { return Money(a.cents_ - b.cents_); }
  friend constexpr Money operator*(Money a, std::int64_t n) { return Money(a.cents_ * n); }

 private:
  explicit constexpr Money(std::int64_t cents) : cents_(cents) {}
  std::int64_t cents_ = 0;
};

}  // namespace archive
