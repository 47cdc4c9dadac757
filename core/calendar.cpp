#include "core/calendar.h"

#include <cstddef>
#include <vector>

#include "core/digits.h"
#include "core/utf8.h"
#include "core/width.h"

namespace archive {
namespace {

constexpr int kFirstYear = 1850;
constexpr int kLastYear = 2199;

std::string padded(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

bool is_spelled_numeral(char32_t c) {
  constexpr std::u32string_view kNumerals = U"〇零○一二三四五六七八九十廿卅";
  return kNumerals.find(c) != std::u32string_view::npos;
}

int spelled_digit(char32_t c) {
  if (c == U'零' || c == U'○') return 0;
  constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
  const auto at = kDigits.find(c);
  return at == std::u32string_view::npos ? -1 : static_cast<int>(at);
}

/// 二〇〇四 as 2004, 十二 as 12, 三十 as 30, 廿三 as 23; -1 when it spells nothing.
int spelled_number(std::u32string_view text) {
  int tens = 0, number = 0;
  bool counted = false;
  for (char32_t c : text) {
    if (c == U'十' || c == U'廿' || c == U'卅') {
      if (counted || number > 9) return -1;
      tens = c == U'廿' ? 20 : c == U'卅' ? 30 : (number == 0 ? 1 : number) * 10;
      number = 0;
      counted = true;
      continue;
    }
    const int digit = spelled_digit(c);
    if (digit < 0 || number > 999) return -1;
    number = number * 10 + digit;
  }
  return tens + number;
}

/// The numbers of a text and the signs between them: 2004年6月 -> {2004, 6}, {年, 月}.
struct Parts {
  std::vector<int> numbers;
  std::vector<std::size_t> widths;  // digits each number was written with
  std::u32string signs;
  bool sound = true;
};

Parts parts_of(std::string_view text) {
  Parts parts;
  const std::u32string points = code_points(half_width(text));
  for (std::size_t at = 0; at < points.size();) {
    const char32_t c = points[at];
    if (c == U' ') {
      ++at;
      continue;
    }
    const auto run_end = [&](auto belongs) {
      std::size_t end = at;
      while (end < points.size() && belongs(points[end])) ++end;
      return end;
    };
    std::size_t end = at + 1;
    if (is_digit(c)) {
      end = run_end(is_digit);
      if (end - at > 8) {
        parts.sound = false;
        break;
      }
      int number = 0;
      for (std::size_t i = at; i < end; ++i)
        number = number * 10 + static_cast<int>(points[i] - U'0');
      parts.numbers.push_back(number);
      parts.widths.push_back(end - at);
    } else if (is_spelled_numeral(c)) {
      end = run_end(is_spelled_numeral);
      const int number = spelled_number(std::u32string_view(points).substr(at, end - at));
      parts.sound = parts.sound && number >= 0;
      parts.numbers.push_back(number);
      parts.widths.push_back(end - at);
    } else {
      parts.signs += c;
    }
    at = end;
  }
  return parts;
}

bool separated_by(const Parts& parts, std::size_t numbers) {
  for (const std::u32string_view signs : {U"--", U"..", U"//"}) {
    if (parts.signs == signs.substr(0, numbers - 1)) return true;
  }
  const std::u32string_view spelled = U"年月日";
  if (parts.signs == spelled.substr(0, numbers)) return true;
  return numbers == 3 && parts.signs == U"年月号";
}

bool year_in_range(int year) { return year >= kFirstYear && year <= kLastYear; }

}  // namespace

std::string_view name_of(DateFault fault) {
  switch (fault) {
    case DateFault::shape:
      return "shape";
    case DateFault::calendar:
      return "calendar";
    case DateFault::range:
      return "range";
  }
  return "unknown";
}

std::optional<YearMonth> YearMonth::of(int year, unsigned month) {
  if (!year_in_range(year) || month < 1 || month > 12) return std::nullopt;
  return YearMonth(year * 12 + static_cast<int>(month) - 1);
}

Result<YearMonth, DateFault> YearMonth::parse(std::string_view text) {
  const Parts parts = parts_of(text);
  int year = 0, month = 0;
  if (!parts.sound) return Failure{DateFault::shape};
  if (parts.numbers.size() == 2 && parts.widths[0] == 4 && separated_by(parts, 2)) {
    year = parts.numbers[0];
    month = parts.numbers[1];
  } else if (parts.numbers.size() == 1 && parts.widths[0] == 6 && parts.signs.empty()) {
    year = parts.numbers[0] / 100;
    month = parts.numbers[0] % 100;
  } else {
    return Failure{DateFault::shape};
  }
  if (!year_in_range(year)) return Failure{DateFault::range};
  const auto value = of(year, static_cast<unsigned>(month));
  if (!value) return Failure{DateFault::calendar};
  return *value;
}

std::string YearMonth::text() const { return std::to_string(year()) + "-" + padded(month()); }

std::optional<Date> Date::of(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day value{std::chrono::year{year}, std::chrono::month{month},
                                          std::chrono::day{day}};
  if (!year_in_range(year) || !value.ok()) return std::nullopt;
  return Date(value);
}

Result<Date, DateFault> Date::parse(std::string_view text) {
  const Parts parts = parts_of(text);
  int year = 0, month = 0, day = 0;
  if (!parts.sound) return Failure{DateFault::shape};
  if (parts.numbers.size() == 3 && parts.widths[0] == 4 && separated_by(parts, 3)) {
    year = parts.numbers[0];
    month = parts.numbers[1];
    day = parts.numbers[2];
  } else if (parts.numbers.size() == 1 && parts.widths[0] == 8 && parts.signs.empty()) {
    year = parts.numbers[0] / 10'000;
    month = parts.numbers[0] / 100 % 100;
    day = parts.numbers[0] % 100;
  } else {
    return Failure{DateFault::shape};
  }
  if (!year_in_range(year)) return Failure{DateFault::range};
  const auto value = of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  if (!value) return Failure{DateFault::calendar};
  return *value;
}

std::string Date::text() const {
  return std::to_string(year()) + "-" + padded(month()) + "-" + padded(day());
}

bool means_without_end(std::string_view text) {
  std::string bare;
  for (const std::string& c : characters(half_width(text))) {
    if (c != " ") bare += c;
  }
  return bare == "长期" || bare == "長期" || bare == "长期有效";
}

std::optional<Period> Period::of(YearMonth from, YearMonth to) {
  if (to < from) return std::nullopt;
  return Period(from, to);
}

}  // namespace archive
