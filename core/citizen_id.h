#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"

namespace archive {

enum class Sex { female, male };

/// Why a text is not a citizen number: the first check that failed, in the order of
/// this list. It never carries the text itself, so it may be logged.
enum class CitizenIdFault {
  length,           ///< neither 18 characters nor 15
  character,        ///< something other than 0-9, or X in the last place of 18
  birth_date,       ///< no such day in the calendar
  century,          ///< 15 characters with sequence 996..999: the century is not certain
  check_character,  ///< well formed, but a digit was misread, mistyped or swapped
};
std::string_view name_of(CitizenIdFault fault);

/// A citizen number 公民身份号码 (GB 11643-1999) whose parts agree.
///
///     110105 19491231 002 X
///     region birth    seq check
///
/// The number of 15 digits that was issued before 1999 lacks the century and the
/// check character; it is widened to 18 for comparing, and printed() still gives
/// what stands on the paper. Sequence codes 996 to 999 were kept for people over a
/// hundred, for whom the century is not 19: such a number is refused, not guessed.
///
/// parse() is the only way to get one. It shows that the digits agree with each
/// other, not that the person exists: regions are not looked up (dossiers name
/// counties long since renamed), and there is no clock here, so that a birth date
/// in the future passes.
///
/// The number is personal data. Logs and messages show masked(), never text().
class CitizenId {
 public:
  /// Expects the bare characters: spaces and full-width digits are cleaned away
  /// before this. A small x is taken for X.
  static Result<CitizenId, CitizenIdFault> parse(std::string_view text);

  /// The check character that belongs after 17 digits (ISO 7064, MOD 11-2).
  /// REQUIRES: `body` is 17 digits.
  static char check_character(std::string_view body);

  /// The 18 characters, widened when the paper shows 15.
  std::string text() const { return {characters_.begin(), characters_.end()}; }
  /// The 18 or 15 characters of the paper.
  std::string printed() const;
  bool widened() const { return widened_; }
  std::string masked() const;                                 ///< 110***********002X
  std::string region() const { return text().substr(0, 6); }  ///< GB/T 2260, not looked up
  std::chrono::year_month_day birth_date() const;
  Sex sex() const;

  /// One person, however the number was printed.
  friend bool operator==(const CitizenId& a, const CitizenId& b) {
    return a.characters_ == b.characters_;
  }
  friend auto operator<=>(const CitizenId& a, const CitizenId& b) {
    return a.characters_ <=> b.characters_;
  }

 private:
  CitizenId() = default;

  std::array<char, 18> characters_{};
  bool widened_ = false;
};

}  // namespace archive
