#include "core/decimal.h"

#include <cassert>
#include <cstdlib>

#include "core/digits.h"
#include "core/width.h"

namespace archive {
namespace {

__extension__ using Wide = __int128;

constexpr int kDecimals = 6;
constexpr int kWholeDigits = 9;

/// Cuts the sign for hundredths or thousandths off; how many decimals it stands for.
int cut_per_sign(std::string& text) {
  constexpr std::string_view kPerMille = "‰";
  if (text.ends_with('%')) {
    text.pop_back();
    return 2;
  }
  if (text.ends_with(kPerMille)) {
    text.resize(text.size() - kPerMille.size());
    return 3;
  }
  return 0;
}

std::string text_of(std::int64_t units, int decimals) {
  std::string digits = std::to_string(std::llabs(units));
  const auto behind = static_cast<std::size_t>(decimals);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  digits.insert(digits.size() - behind, 1, '.');
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return (units < 0 ? "-" : "") + digits;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view printed) {
  std::string text = half_width(printed);
  const int shift = cut_per_sign(text);
  const bool negative = text.starts_with('-');
  if (negative) text.erase(0, 1);
  std::int64_t number = 0;
  int whole = 0, behind = -1;
  for (const char c : text) {
    if (c == '.' && behind < 0 && whole > 0) {
      behind = 0;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    int& count = behind < 0 ? whole : behind;
    if (++count > (behind < 0 ? kWholeDigits : kDecimals)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  if (whole == 0 || behind == 0) return std::nullopt;
  int places = (behind < 0 ? 0 : behind) + shift;
  for (; places < kDecimals; ++places) number *= 10;
  for (; places > kDecimals; --places) {
    if (number % 10 != 0) return std::nullopt;
    number /= 10;
  }
  return Decimal(negative ? -number : number);
}

std::string Decimal::text() const { return text_of(millionths_, kDecimals); }
std::string Decimal::percent() const { return text_of(millionths_, kDecimals - 2) + "%"; }

Money scaled(Money amount, std::int64_t numerator, std::int64_t denominator) {
  assert(denominator > 0);
  const Wide product = static_cast<Wide>(amount.cents()) * numerator;
  const Wide half = denominator / 2;
  Wide cents = (product < 0 ? product - half : product + half) / denominator;
  // Beyond every amount there is; what is compared with it differs all the same.
  const Wide most = Money::kLargestCents * 1000;
  if (cents > most) cents = most;
  if (cents < -most) cents = -most;
  return Money::of_cents(static_cast<std::int64_t>(cents));
}

}  // namespace archive
