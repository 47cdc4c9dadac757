#include "ingest/spreadsheet/cell_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "core/calendar.h"
#include "core/digits.h"
#include "core/utf8.h"

namespace archive {
namespace {

using Kind = NumberFormat::Kind;

constexpr int kDigitsKept = 15;   // a double holds no more of every number
constexpr int kPlacesMost = 400;  // of a double

/// A decimal number taken apart: 0.digits times ten to the power of `point`.
struct Decimals {
  bool negative = false;
  std::string digits;  ///< the first and the last are no zeros; empty for zero
  int point = 0;

  bool whole() const { return point >= static_cast<int>(digits.size()); }

  void round_to(std::size_t places) {
    if (digits.size() <= places) return;
    const bool up = digits[places] >= '5';
    digits.resize(places);
    if (up) {
      std::size_t at = places;
      while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
      if (at > 0) {
        ++digits[at - 1];
      } else {
        digits.insert(digits.begin(), '1');
        ++point;
      }
    }
    digits.erase(digits.find_last_not_of('0') + 1);
  }

  /// The digits before the point.
  std::string whole_part() const {
    if (point <= 0 || digits.empty()) return "0";
    std::string part = digits.substr(0, static_cast<std::size_t>(point));
    part.resize(static_cast<std::size_t>(point), '0');
    return part;
  }
};

/// Nothing when the text is no number.
std::optional<Decimals> taken_apart(std::string_view text) {
  Decimals number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  bool any = false, pointed = false;
  int point = 0;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !pointed) {
      pointed = true;
      continue;
    }
    if (!is_digit(c)) break;
    any = true;
    if (!pointed) ++point;
    number.digits += c;
  }
  if (!any) return std::nullopt;
  int exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    const auto [rest, error] =
        std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (error != std::errc{}) return std::nullopt;
    at = static_cast<std::size_t>(rest - text.data());
  }
  if (at != text.size() || exponent > kPlacesMost || exponent < -kPlacesMost) return std::nullopt;
  const std::size_t zeros = std::min(number.digits.find_first_not_of('0'), number.digits.size());
  number.digits.erase(0, zeros);
  number.digits.erase(number.digits.find_last_not_of('0') + 1);
  number.point = point + exponent - static_cast<int>(zeros);
  if (number.digits.empty()) return Decimals{};
  return number;
}

std::string plain(const Decimals& number, int least_digits) {
  std::string text = number.whole_part();
  if (static_cast<int>(text.size()) < least_digits) {
    text.insert(0, static_cast<std::size_t>(least_digits) - text.size(), '0');
  }
  if (!number.whole()) {
    text += '.';
    if (number.point < 0) text.append(static_cast<std::size_t>(-number.point), '0');
    text += number.digits.substr(static_cast<std::size_t>(std::max(number.point, 0)));
  }
  return (number.negative ? "-" : "") + text;
}

/// Day 60 of 1900 is 29 February in spreadsheets, which no calendar has.
std::optional<Date> day_of(const Decimals& serial, bool from_1904) {
  constexpr int kDigitsOfADay = 7;
  constexpr int kNoSuchDay = 60;
  if (serial.negative || serial.point > kDigitsOfADay) return std::nullopt;
  const std::string whole = serial.whole_part();
  int count = 0;
  std::from_chars(whole.data(), whole.data() + whole.size(), count);
  using std::chrono::days, std::chrono::sys_days, std::chrono::year;
  sys_days day = sys_days{year{1904} / 1 / 1} + days{count};
  if (!from_1904) {
    if (count == kNoSuchDay || count == 0) return std::nullopt;
    day = sys_days{year{1899} / 12 / (count < kNoSuchDay ? 31 : 30)} + days{count};
  }
  const std::chrono::year_month_day parts{day};
  return Date::of(static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                  static_cast<unsigned>(parts.day()));
}

std::string at_precision(const Date& date, Kind kind) {
  const std::string text = date.text();
  if (kind == Kind::year) return text.substr(0, 4);
  return kind == Kind::month ? text.substr(0, 7) : text;
}

/// A format without what is printed as it stands: "words", \x, _x, *x and [conditions].
std::string bare_code(std::string_view code) {
  std::string bare;
  for (std::size_t at = 0; at < code.size() && code[at] != ';'; ++at) {
    const char c = code[at];
    if (c == '"' || c == '[') {
      at = std::min(code.find(c == '"' ? '"' : ']', at + 1), code.size());
    } else if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else {
      bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return bare;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

CellFaultWords words_of(CellFault fault) {
  switch (fault) {
    case CellFault::digits_lost:
      return {
          "the cell holds a number of more than 15 digits, of which the spreadsheet has lost "
          "the last",
          "give the column the format 'text' and type the number again from the paper"};
    case CellFault::no_day:
      return {"the cell is shown as a date and is no day of the calendar",
              "type the date again, or give the cell the format 'text'"};
    case CellFault::error_value:
      return {"the cell shows an error", "correct the formula or type the value"};
    case CellFault::no_value:
    case CellFault::none:
      break;
  }
  return {"the cell has a formula and no value", "open the file, save it and try again"};
}

NumberFormat built_in_format(int id) {
  struct Range {
    int first, last;
    Kind kind;
  };
  constexpr std::array kRanges = std::to_array<Range>({{14, 16, Kind::day},
                                                       {17, 17, Kind::month},
                                                       {18, 21, Kind::time},
                                                       {22, 22, Kind::day},
                                                       {27, 27, Kind::month},
                                                       {28, 31, Kind::day},
                                                       {32, 35, Kind::time},
                                                       {36, 36, Kind::month},
                                                       {45, 47, Kind::time},
                                                       {50, 50, Kind::month},
                                                       {51, 51, Kind::day},
                                                       {52, 52, Kind::month},
                                                       {53, 54, Kind::day},
                                                       {55, 56, Kind::time},
                                                       {57, 57, Kind::month},
                                                       {58, 58, Kind::day}});
  for (const Range& range : kRanges) {
    if (id >= range.first && id <= range.last) return {range.kind, 0};
  }
  return {};
}

NumberFormat format_of_code(std::string_view code) {
  std::string bare = bare_code(code);
  if (bare == "general" || bare.empty()) return {};
  if (bare == "0") return {};
  if (bare.find_first_not_of('0') == std::string::npos) {
    return {Kind::number, std::min(static_cast<int>(bare.size()), kDigitsKept)};
  }
  for (const std::string_view half : {"am/pm", "a/p"}) {
    if (const std::size_t at = bare.find(half); at != std::string::npos)
      bare.erase(at, half.size());
  }
  const bool exponent = has(bare, "e+") || has(bare, "e-");
  const bool hours = has(bare, "h") || has(bare, "s");
  if (has(bare, "d") || has(bare, "aaa")) return {Kind::day, 0};
  const bool year = has(bare, "y") || (has(bare, "e") && !exponent);
  if (year && hours) return {Kind::day, 0};
  if (hours) return {Kind::time, 0};
  if (has(bare, "m")) return {Kind::month, 0};
  return year ? NumberFormat{Kind::year, 0} : NumberFormat{};
}

CellText number_text(std::string_view written, NumberFormat format, bool from_1904) {
  auto number = taken_apart(written);
  if (!number) return {std::string(written), CellFault::none};
  if (number->point > kDigitsKept) return {"", CellFault::digits_lost};
  number->round_to(kDigitsKept);
  if (format.kind == Kind::number) return {plain(*number, format.digits), CellFault::none};
  const auto day = format.kind == Kind::time ? std::nullopt : day_of(*number, from_1904);
  if (!day) return {"", CellFault::no_day};
  return {at_precision(*day, format.kind), CellFault::none};
}

std::string without_escapes(std::string_view text) {
  constexpr std::size_t kLength = 7;  // _xHHHH_
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    unsigned code = 0;
    const std::string_view here = text.substr(at, kLength);
    if (here.size() == kLength && here.starts_with("_x") && here.ends_with('_')) {
      const char* end = here.data() + kLength - 1;
      const auto [rest, error] = std::from_chars(here.data() + 2, end, code, 16);
      // Halves of a pair and NUL are no characters: they stay as they were written.
      if (error == std::errc{} && rest == end && code != 0 && (code < 0xD800 || code > 0xDFFF)) {
        plain += utf8(static_cast<char32_t>(code));
        at += kLength;
        continue;
      }
    }
    plain += text[at++];
  }
  return plain;
}

}  // namespace archive
