#include "core/timestamp.h"

#include <gtest/gtest.h>

#include <string>

namespace archive {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

TimePoint at(int year, unsigned month, unsigned day, std::chrono::milliseconds time = 0ms) {
  using namespace std::chrono;
  return sys_days(year_month_day{std::chrono::year(year), std::chrono::month(month),
                                 std::chrono::day(day)}) +
         time;
}

struct Moment {
  const char* name;
  TimePoint moment;
  minutes east;
  const char* text;
};
class Iso8601 : public testing::TestWithParam<Moment> {};

TEST_P(Iso8601, IsWrittenWithItsZoneAndReadBack) {
  EXPECT_EQ(iso8601(GetParam().moment, GetParam().east), GetParam().text);
  EXPECT_EQ(parse_iso8601(GetParam().text), GetParam().moment);
}

INSTANTIATE_TEST_SUITE_P(
    Moments, Iso8601,
    testing::Values(
        Moment{"Epoch", at(1970, 1, 1), 0min, "1970-01-01T00:00:00.000+00:00"},
        Moment{"BeforeIt", at(1969, 12, 31, 24h - 1ms), 0min, "1969-12-31T23:59:59.999+00:00"},
        Moment{"Shanghai", at(2004, 6, 30, 1h + 15min + 2123ms), 480min,
               "2004-06-30T09:15:02.123+08:00"},
        Moment{"OverMidnight", at(2023, 12, 31, 16h), 480min, "2024-01-01T00:00:00.000+08:00"},
        Moment{"West", at(2024, 3, 1, 1h), -570min, "2024-02-29T15:30:00.000-09:30"},
        Moment{"After2038", at(2056, 2, 29), 0min, "2056-02-29T00:00:00.000+00:00"}),
    [](const auto& row) { return row.param.name; });

class NoTimestamp : public testing::TestWithParam<const char*> {};

TEST_P(NoTimestamp, IsRefused) { EXPECT_FALSE(parse_iso8601(GetParam())); }

INSTANTIATE_TEST_SUITE_P(
    Texts, NoTimestamp,
    testing::Values("", "2004-06-30", "2004-06-30T09:15:02+08:00", "2004-06-30T09:15:02.123Z",
                    "2004-06-30 09:15:02.123+08:00", "2004-06-31T09:15:02.123+08:00",
                    "2023-02-29T09:15:02.123+08:00", "2004-13-30T09:15:02.123+08:00",
                    "2004-06-30T24:15:02.123+08:00", "2004-06-30T09:60:02.123+08:00",
                    "2004-06-30T09:15:60.123+08:00", "2004-06-30T09:15:02.123+24:00",
                    "2004-06-30T09:15:02.123+08:60", "2004-06-30T09:15:02.123+08:00 ",
                    "2004-06-30T09:15:0a.123+08:00"));

TEST(Now, IsATimestampThatDoesNotGoBack) {
  const auto first = parse_iso8601(timestamp_now());
  const auto second = parse_iso8601(timestamp_now());
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_LE(*first, *second);
  EXPECT_GT(*first, at(2024, 1, 1));
}

}  // namespace
}  // namespace archive
