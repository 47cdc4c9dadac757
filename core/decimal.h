#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/money.h"

namespace archive {

/// A number with at most six decimals, exact: rates, shares, factors, limits. Counted in
/// millionths, never a floating-point number.
class Decimal {
 public:
  static constexpr std::int64_t kOne = 1'000'000;

  constexpr Decimal() = default;
  static constexpr Decimal of_millionths(std::int64_t millionths) { return Decimal(millionths); }
  static constexpr Decimal of(std::int64_t whole) { return Decimal(whole * kOne); }

  /// 0.0005, 207, 16%, 5‰, -1.5; at most nine digits before the point and six behind it, after the
  /// sign for hundredths or thousandths was heeded. Nothing when it is none of these.
  static std::optional<Decimal> parse(std::string_view text);

  constexpr std::int64_t millionths() const { return millionths_; }
  constexpr bool is_whole() const { return millionths_ % kOne == 0; }
  constexpr std::int64_t whole() const { return millionths_ / kOne; }  ///< without its decimals
  std::string text() const;                                            ///< "0.0005", "207"
  std::string percent() const;                                         ///< "16%", "0.5%"

  constexpr auto operator<=>(const Decimal&) const = default;
  friend constexpr Decimal operator+(Decimal a, Decimal b) {
    return Decimal(a.millionths_ + b.millionths_);
  }
  friend constexpr Decimal operator-(Decimal a, Decimal b) {
    return Decimal(a.millionths_ - b.millionths_);
  }

 private:
  explicit constexpr Decimal(std::int64_t millionths) : millionths_(millionths) {}
  std::int64_t millionths_ = 0;
};

/// amount * numerator / denominator, rounded half up (away from zero) to the fen once, at the end.
/// REQUIRES: denominator > 0.
Money scaled(Money amount, std::int64_t numerator, std::int64_t denominator);

inline Money operator*(Money amount, Decimal factor) {
  return scaled(amount, factor.millionths(), Decimal::kOne);
}

}  // namespace archive
