#include "core/calendar.h"

#include <gtest/gtest.h>

#include <string>

namespace archive {
namespace {

using enum DateFault;

struct Written {
  const char* name;
  const char* text;
  const char* value;
};
class WrittenDate : public testing::TestWithParam<Written> {};

TEST_P(WrittenDate, IsOneDay) {
  const auto date = Date::parse(GetParam().text);
  ASSERT_TRUE(date) << name_of(date.error());
  EXPECT_EQ(date->text(), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Examples, WrittenDate,
                         testing::Values(Written{"Iso", "2004-06-30", "2004-06-30"},
                                         Written{"Dots", "2004.6.30", "2004-06-30"},
                                         Written{"Slashes", "2004/6/30", "2004-06-30"},
                                         Written{"Hanzi", "2004年6月30日", "2004-06-30"},
                                         Written{"HanziPadded", "2004年06月05日", "2004-06-05"},
                                         Written{"Spaced", "1960 年 7 月 1 日", "1960-07-01"},
                                         Written{"FullWidth", "２００４年６月３０日", "2004-06-30"},
                                         Written{"Digits", "20040630", "2004-06-30"},
                                         Written{"Spelled", "二〇〇四年六月三十日", "2004-06-30"},
                                         Written{"SpelledTens", "一九九八年十二月二十一日",
                                                 "1998-12-21"},
                                         Written{"SpelledTen", "二○一○年十月十日", "2010-10-10"},
                                         Written{"LeapDay", "2000-02-29", "2000-02-29"},
                                         Written{"BeforeThePeople", "1880-01-01", "1880-01-01"}),
                         [](const auto& row) { return row.param.name; });

struct Refused {
  const char* name;
  const char* text;
  DateFault fault;
};
class RefusedDate : public testing::TestWithParam<Refused> {};

TEST_P(RefusedDate, NamesTheFault) {
  const auto date = Date::parse(GetParam().text);
  ASSERT_FALSE(date) << date->text();
  EXPECT_EQ(date.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(Examples, RefusedDate,
                         testing::Values(Refused{"Nothing", "", shape},
                                         Refused{"TwoDigitYear", "98.3.1", shape},
                                         Refused{"MonthOnly", "2004-06", shape},
                                         Refused{"MixedSigns", "2004-06.30", shape},
                                         Refused{"SevenDigits", "2004063", shape},
                                         Refused{"NineDigits", "200406301", shape},
                                         Refused{"SpacesOnly", "2004 06 30", shape},
                                         Refused{"Words", "二十日", shape},
                                         Refused{"ThirteenthMonth", "2004-13-01", calendar},
                                         Refused{"NoSuchLeapDay", "1900-02-29", calendar},
                                         Refused{"ThirtyFirstOfApril", "2004年4月31日", calendar},
                                         Refused{"ZeroDay", "20040600", calendar},
                                         Refused{"TooEarly", "1749-01-01", range},
                                         Refused{"TooLate", "2911-01-01", range}),
                         [](const auto& row) { return row.param.name; });

class WrittenMonth : public testing::TestWithParam<Written> {};

TEST_P(WrittenMonth, IsOneMonth) {
  const auto month = YearMonth::parse(GetParam().text);
  ASSERT_TRUE(month) << name_of(month.error());
  EXPECT_EQ(month->text(), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Examples, WrittenMonth,
                         testing::Values(Written{"Iso", "2004-06", "2004-06"},
                                         Written{"Dots", "2004.6", "2004-06"},
                                         Written{"Slash", "2004/06", "2004-06"},
                                         Written{"Hanzi", "2004年6月", "2004-06"},
                                         Written{"Digits", "200406", "2004-06"},
                                         Written{"Spelled", "二〇〇四年六月", "2004-06"}),
                         [](const auto& row) { return row.param.name; });

class RefusedMonth : public testing::TestWithParam<Refused> {};

TEST_P(RefusedMonth, NamesTheFault) {
  const auto month = YearMonth::parse(GetParam().text);
  ASSERT_FALSE(month) << month->text();
  EXPECT_EQ(month.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(Examples, RefusedMonth,
                         testing::Values(Refused{"FullDate", "2004-06-30", shape},
                                         Refused{"Year", "2004", shape},
                                         Refused{"Digits", "20046", shape},
                                         Refused{"WithoutMonthSign", "2004年6", shape},
                                         Refused{"ThirteenthMonth", "200413", calendar},
                                         Refused{"TooEarly", "174901", range}),
                         [](const auto& row) { return row.param.name; });

TEST(YearMonth, CountsAcrossYears) {
  const YearMonth december = *YearMonth::of(2003, 12);
  EXPECT_EQ(december.plus_months(1).text(), "2004-01");
  EXPECT_EQ(december.plus_months(-12).text(), "2002-12");
  EXPECT_EQ(*YearMonth::of(2004, 6) - december, 6);
  EXPECT_FALSE(YearMonth::of(2004, 0));
}

TEST(Period, HoldsBothEnds) {
  const Period period = *Period::of(*YearMonth::of(2003, 11), *YearMonth::of(2004, 2));
  EXPECT_EQ(period.months(), 4);
  EXPECT_TRUE(period.contains(*YearMonth::of(2004, 2)));
  EXPECT_FALSE(period.contains(*YearMonth::of(2004, 3)));
  EXPECT_FALSE(Period::of(*YearMonth::of(2004, 2), *YearMonth::of(2004, 1)));
}

TEST(Period, OverlapsWhenOneMonthIsShared) {
  const auto period = [](int from, int to) {
    return *Period::of(YearMonth::of(2004, 1)->plus_months(from),
                       YearMonth::of(2004, 1)->plus_months(to));
  };
  EXPECT_TRUE(period(0, 5).overlaps(period(5, 9)));
  EXPECT_TRUE(period(0, 9).overlaps(period(3, 4)));
  EXPECT_FALSE(period(0, 5).overlaps(period(6, 9)));
}

TEST(Calendar, KnowsTheCardThatNeverExpires) {
  EXPECT_TRUE(means_without_end("长期"));
  EXPECT_TRUE(means_without_end("长 期"));
  EXPECT_FALSE(means_without_end("长期借款"));
  EXPECT_FALSE(means_without_end(""));
}

}  // namespace
}  // namespace archive
