#include "core/citizen_id.h"

#include <algorithm>
#include <cassert>

#include "core/digits.h"

namespace archive {
namespace {

constexpr std::size_t kLength = 18;
constexpr std::size_t kBodyLength = 17;
constexpr std::size_t kOldLength = 15;
constexpr std::size_t kRegionLength = 6;

int number_from(std::string_view digits) {
  int number = 0;
  for (char digit : digits) number = number * 10 + (digit - '0');
  return number;
}

std::chrono::year_month_day birth_date_from(std::string_view body) {
  const auto digits = [body](std::size_t first, std::size_t count) {
    return number_from(body.substr(first, count));
  };
  return std::chrono::year{digits(6, 4)} /
         std::chrono::month{static_cast<unsigned>(digits(10, 2))} /
         std::chrono::day{static_cast<unsigned>(digits(12, 2))};
}

Result<std::string, CitizenIdFault> widened_from(std::string_view old) {
  if (!std::ranges::all_of(old, is_digit)) return Failure{CitizenIdFault::character};
  std::string body(old.substr(0, kRegionLength));
  body += "19";
  body += old.substr(kRegionLength);
  if (!birth_date_from(body).ok()) return Failure{CitizenIdFault::birth_date};
  constexpr int kCentenarians = 996;
  if (number_from(old.substr(12)) >= kCentenarians) return Failure{CitizenIdFault::century};
  return body + CitizenId::check_character(body);
}

}  // namespace

std::string_view name_of(CitizenIdFault fault) {
  switch (fault) {
    case CitizenIdFault::length:
      return "length";
    case CitizenIdFault::character:
      return "character";
    case CitizenIdFault::birth_date:
      return "birth_date";
    case CitizenIdFault::century:
      return "century";
    case CitizenIdFault::check_character:
      return "check_character";
  }
  return "unknown";
}

Result<CitizenId, CitizenIdFault> CitizenId::parse(std::string_view text) {
  CitizenId id;
  if (text.size() == kOldLength) {
    const auto widened = widened_from(text);
    if (!widened) return Failure{widened.error()};
    std::ranges::copy(*widened, id.characters_.begin());
    id.widened_ = true;
    return id;
  }
  if (text.size() != kLength) return Failure{CitizenIdFault::length};

  const std::string_view body = text.substr(0, kBodyLength);
  const char check = text.back() == 'x' ? 'X' : text.back();
  if (!std::ranges::all_of(body, is_digit)) return Failure{CitizenIdFault::character};
  if (!is_digit(check) && check != 'X') return Failure{CitizenIdFault::character};
  if (!birth_date_from(body).ok()) return Failure{CitizenIdFault::birth_date};
  if (check != check_character(body)) return Failure{CitizenIdFault::check_character};

  std::ranges::copy(body, id.characters_.begin());
  id.characters_.back() = check;
  return id;
}

char CitizenId::check_character(std::string_view body) {
  assert(body.size() == kBodyLength);
  assert(std::ranges::all_of(body, is_digit));

  // The standard prints a table of weights, 7 9 10 5 8 4 2 1 6 3 ...; they are the
  // powers of 2 modulo 11, so carrying the remainder along needs no table.
  int remainder = 0;
  for (char digit : body) remainder = (remainder + (digit - '0')) * 2 % 11;
  return "10X98765432"[remainder];
}

std::string CitizenId::printed() const {
  std::string full = text();
  if (!widened_) return full;
  return full.substr(0, kRegionLength) + full.substr(8, kOldLength - kRegionLength);
}

std::string CitizenId::masked() const {
  std::string shown = text();
  std::fill(shown.begin() + 3, shown.end() - 4, '*');
  return shown;
}

std::chrono::year_month_day CitizenId::birth_date() const {
  return birth_date_from({characters_.data(), kBodyLength});
}

Sex CitizenId::sex() const {
  // The last digit of the sequence number: odd for men, even for women.
  return (characters_[16] - '0') % 2 == 1 ? Sex::male : Sex::female;
}

}  // namespace archive
