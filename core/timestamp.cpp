#include "core/timestamp.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace archive {
namespace {

using std::chrono::minutes;

constexpr std::string_view kShape = "0000-00-00T00:00:00.000+00:00";
constexpr minutes kDay{24 * 60};

bool has_shape(std::string_view text) {
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == '0'   ? text[i] >= '0' && text[i] <= '9'
                      : kShape[i] == '+' ? text[i] == '+' || text[i] == '-'
                                         : text[i] == kShape[i];
    if (!fits) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t at, std::size_t length) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + length, number);
  return number;
}

minutes local_offset(std::time_t moment) {
  std::tm local{};
  localtime_r(&moment, &local);
  return minutes(local.tm_gmtoff / 60);
}

}  // namespace

std::string iso8601(TimePoint moment, minutes east) {
  namespace chrono = std::chrono;
  const auto local = moment + east;
  const auto day = chrono::floor<chrono::days>(local);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss time(local - day);
  const auto zone = east < minutes(0) ? -east : east;
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03d%c%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()), east < minutes(0) ? '-' : '+',
                static_cast<int>(zone.count() / 60), static_cast<int>(zone.count() % 60));
  return text.data();
}

std::optional<TimePoint> parse_iso8601(std::string_view text) {
  namespace chrono = std::chrono;
  if (!has_shape(text)) return std::nullopt;
  const chrono::year_month_day date(chrono::year(number_at(text, 0, 4)),
                                    chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
                                    chrono::day(static_cast<unsigned>(number_at(text, 8, 2))));
  const int hour = number_at(text, 11, 2), minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  const int zone_minute = number_at(text, 27, 2);
  const minutes zone(number_at(text, 24, 2) * 60 + zone_minute);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (zone >= kDay || zone_minute > 59) return std::nullopt;
  const auto east = text[23] == '-' ? -zone : zone;
  return TimePoint(chrono::sys_days(date)) + chrono::hours(hour) + minutes(minute) - east +
         chrono::seconds(second) + chrono::milliseconds(number_at(text, 20, 3));
}

std::string timestamp_now() {
  namespace chrono = std::chrono;
  const auto now = chrono::time_point_cast<chrono::milliseconds>(chrono::system_clock::now());
  return iso8601(now, local_offset(chrono::system_clock::to_time_t(now)));
}

}  // namespace archive
