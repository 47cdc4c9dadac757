#include "ingest/spreadsheet/cell_value.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using Kind = NumberFormat::Kind;

struct Written {
  const char* name;
  const char* written;
  NumberFormat format;
  const char* text;
  CellFault fault = CellFault::none;
  bool from_1904 = false;
};

class Number : public testing::TestWithParam<Written> {};

TEST_P(Number, BecomesTheTextThatWasTyped) {
  const Written& row = GetParam();
  const CellText expected{row.text, row.fault};
  EXPECT_EQ(number_text(row.written, row.format, row.from_1904), expected)
      << number_text(row.written, row.format, row.from_1904).text;
}

INSTANTIATE_TEST_SUITE_P(
    Plain, Number,
    testing::Values(Written{"Whole", "12", {}, "12"}, Written{"Zero", "0", {}, "0"},
                    Written{"ZeroOfManyDigits", "0.000", {}, "0"},
                    Written{"WithAPoint", "12.0", {}, "12"}, Written{"Power", "1.2E+3", {}, "1200"},
                    Written{"PowerOfManyDigits", "1.23456E3", {}, "1234.56"},
                    Written{"Negative", "-5", {}, "-5"}, Written{"Small", "1.5E-3", {}, "0.0015"},
                    Written{"FractionThatNoDoubleHas", "1.1000000000000001", {}, "1.1"},
                    Written{"RoundedUpToAWhole", "2.9999999999999996", {}, "3"},
                    Written{"FifteenDigits", "123456789012345", {}, "123456789012345"},
                    Written{"WithZerosInFront", "7", {Kind::number, 4}, "0007"},
                    Written{"LongerThanItsZeros", "12345", {Kind::number, 4}, "12345"},
                    Written{"NoNumber", "abc", {}, "abc"}, Written{"OnlyAPoint", ".", {}, "."},
                    Written{"EndlessPower", "1E999999999999", {}, "1E999999999999"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    R25_DigitsThatASpreadsheetLost, Number,
    testing::Values(
        Written{"Eighteen", "110105194912310020", {}, "", CellFault::digits_lost},
        Written{"EighteenAsAPower", "1.1010519491231E+17", {}, "", CellFault::digits_lost},
        Written{"Sixteen", "1234567890123456", {}, "", CellFault::digits_lost},
        Written{"SixteenAndAHalf", "1234567890123456.5", {}, "", CellFault::digits_lost}),
    [](const auto& row) { return row.param.name; });

constexpr NumberFormat kDay{Kind::day, 0};

INSTANTIATE_TEST_SUITE_P(
    Dates, Number,
    testing::Values(Written{"Day", "42910", kDay, "2017-06-24"},
                    Written{"DayWithAnHour", "42910.75", kDay, "2017-06-24"},
                    Written{"Month", "42887", {Kind::month, 0}, "2017-06"},
                    Written{"Year", "42736", {Kind::year, 0}, "2017"},
                    Written{"BeforeTheDayThatNeverWas", "59", kDay, "1900-02-28"},
                    Written{"TheDayThatNeverWas", "60", kDay, "", CellFault::no_day},
                    Written{"AfterIt", "61", kDay, "1900-03-01"},
                    Written{"First", "1", kDay, "1900-01-01"},
                    Written{"None", "0", kDay, "", CellFault::no_day},
                    Written{"Negative", "-3", kDay, "", CellFault::no_day},
                    Written{"TooFar", "99999999", kDay, "", CellFault::no_day},
                    Written{"YearTyped", "20170624", kDay, "", CellFault::no_day},
                    Written{"From1904", "41448", kDay, "2017-06-24", CellFault::none, true},
                    Written{"HourAlone", "0.5", {Kind::time, 0}, "", CellFault::no_day}),
    [](const auto& row) { return row.param.name; });

struct Code {
  const char* name;
  const char* code;
  NumberFormat format;
};
class FormatCode : public testing::TestWithParam<Code> {};

TEST_P(FormatCode, TellsDatesFromNumbers) {
  EXPECT_EQ(format_of_code(GetParam().code), GetParam().format);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, FormatCode,
    testing::Values(
        Code{"General", "General", {}}, Code{"Money", "#,##0.00", {}},
        Code{"Power", "0.00E+00", {}}, Code{"Zeros", "0000", {Kind::number, 4}},
        Code{"Text", "@", {}}, Code{"Percent", "0.0%", {}}, Code{"Iso", "yyyy\\-mm\\-dd", kDay},
        Code{"Chinese", "yyyy\"年\"m\"月\"d\"日\";@", kDay},
        Code{"ChineseMonth", "yyyy\"年\"m\"月\"", {Kind::month, 0}},
        Code{"ChineseNumerals", "[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"", kDay},
        Code{"Year", "yyyy", {Kind::year, 0}}, Code{"DayAndHour", "yyyy/m/d h:mm", kDay},
        Code{"Minutes", "h:mm AM/PM", {Kind::time, 0}}, Code{"WordsLikeLetters", "0\" days\"", {}},
        Code{"YearsCounted", "0\"年\"", {}}, Code{"Colour", "[Red]0.0", {}},
        Code{"OpenQuote", "\"yyyy", {}}, Code{"EscapeAtTheEnd", "0\\", {}}),
    [](const auto& row) { return row.param.name; });

TEST(BuiltInFormat, HasTheDatesOfChineseToo) {
  EXPECT_EQ(built_in_format(0), NumberFormat{});
  EXPECT_EQ(built_in_format(14), kDay);
  EXPECT_EQ(built_in_format(31), kDay);
  EXPECT_EQ(built_in_format(57).kind, Kind::month);
  EXPECT_EQ(built_in_format(49), NumberFormat{});
}

TEST(Escapes, AreUndoneOnce) {
  EXPECT_EQ(without_escapes("a_x000D_b"), "a\rb");
  EXPECT_EQ(without_escapes("_x005F_x000D_"), "_x000D_");
  EXPECT_EQ(without_escapes("_x00_ _x0000_ _xD800_ _xZZZZ_"), "_x00_ _x0000_ _xD800_ _xZZZZ_");
  EXPECT_EQ(without_escapes("档_x"), "档_x");
}

}  // namespace
}  // namespace archive
