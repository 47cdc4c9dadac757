#include "core/money.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "core/utf8.h"

namespace archive {
namespace {

using enum MoneyFault;

struct Accepted {
  const char* name;
  const char* text;
  std::int64_t cents;
};
class AcceptedMoney : public testing::TestWithParam<Accepted> {};

TEST_P(AcceptedMoney, IsACountOfFen) {
  const auto money = Money::parse(GetParam().text);
  ASSERT_TRUE(money) << name_of(money.error());
  EXPECT_EQ(money->cents(), GetParam().cents);
}

INSTANTIATE_TEST_SUITE_P(
    Figures, AcceptedMoney,
    testing::Values(Accepted{"Plain", "1234.56", 123456}, Accepted{"Commas", "1,234.56", 123456},
                    Accepted{"Millions", "12,345,678.90", 1234567890},
                    Accepted{"Whole", "3500", 350000}, Accepted{"OneDecimal", "0.5", 50},
                    Accepted{"Zero", "0.00", 0}, Accepted{"Negative", "-12.00", -1200},
                    Accepted{"YenSign", "￥1,234.50", 123450},
                    Accepted{"NarrowYenSign", "¥88", 8800}, Accepted{"Yuan", "1234.50元", 123450},
                    Accepted{"Exactly", "100元整", 10000},
                    Accepted{"Words", "人民币 100.00 元", 10000},
                    Accepted{"FullWidth", "１，２３４．５６", 123456},
                    Accepted{"SpacesAround", "  647.49 ", 64749}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Capitals, AcceptedMoney,
    testing::Values(Accepted{"CapitalsAll", "壹万贰仟叁佰肆拾伍元陆角柒分", 1234567},
                    Accepted{"CapitalsWhole", "玖仟元整", 900000},
                    Accepted{"CapitalsOldEnd", "玖仟元正", 900000},
                    Accepted{"CapitalsNoEnd", "玖仟元", 900000},
                    Accepted{"CapitalsGap", "壹万零伍元整", 1000500},
                    Accepted{"CapitalsFenOnly", "壹佰元零伍分", 10005},
                    Accepted{"CapitalsJiao", "壹佰元伍角整", 10050},
                    Accepted{"CapitalsLeadingTen", "拾伍元整", 1500},
                    Accepted{"CapitalsYi", "壹亿零贰拾万元整", 10'020'000'000},
                    Accepted{"CapitalsPrefixed", "人民币叁仟圆整", 300000},
                    Accepted{"CapitalsTraditional", "貳萬參仟陸佰圓整", 2360000},
                    Accepted{"CapitalsEveryday", "三千五百元整", 350000},
                    Accepted{"CapitalsZero", "零元整", 0}, Accepted{"CapitalsFen", "伍分", 5}),
    [](const auto& row) { return row.param.name; });

struct Refused {
  const char* name;
  const char* text;
  MoneyFault fault;
};
class RefusedMoney : public testing::TestWithParam<Refused> {};

TEST_P(RefusedMoney, NamesTheFault) {
  const auto money = Money::parse(GetParam().text);
  ASSERT_FALSE(money) << money->text();
  EXPECT_EQ(money.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(Examples, RefusedMoney,
                         testing::Values(Refused{"Nothing", "", empty},
                                         Refused{"OnlySigns", "￥元", empty},
                                         Refused{"LetterForDigit", "1,2O4.56", character},
                                         Refused{"TwoPoints", "1.234.56", character},
                                         Refused{"SpaceInside", "1 234.56", character},
                                         Refused{"CommaBeforeTwo", "1,23.40", grouping},
                                         Refused{"FourBeforeComma", "1234,567.00", grouping},
                                         Refused{"CommaLast", "1,234,.00", grouping},
                                         Refused{"ThreeDecimals", "1.234", decimals},
                                         Refused{"PointWithoutDecimals", "12.", decimals},
                                         Refused{"TooMuch", "1000000000000", range},
                                         Refused{"FarTooMuch", "99999999999999999999", range},
                                         Refused{"UnitsSwapped", "壹拾贰佰元整", order},
                                         Refused{"NumeralTwice", "壹贰佰元整", order},
                                         Refused{"UnitTwice", "壹佰佰元整", order},
                                         Refused{"CapitalsWithoutYuan", "壹佰贰拾", order},
                                         Refused{"CapitalsWithFigures", "壹佰3元", character},
                                         Refused{"JiaoWithoutNumeral", "壹佰元角", order}),
                         [](const auto& row) { return row.param.name; });

// Amounts as bank forms spell them: 壹仟贰佰叁拾肆元伍角陆分; without fen it ends in 整.
constexpr std::u32string_view kCapitals = U"零壹贰叁肆伍陆柒捌玖";

std::u32string capitals_of(std::int64_t yuan) {
  std::u32string spelled;
  bool gap = false;  // a 零 is due before the next numeral
  int power = 11;
  for (std::int64_t place = 100'000'000'000; place > 0; place /= 10, --power) {
    const auto digit = static_cast<std::size_t>(yuan / place % 10);
    if (digit != 0) {
      if (gap) spelled += kCapitals[0];
      gap = false;
      spelled += kCapitals[digit];
      if (power % 4 != 0) spelled += U"拾佰仟"[power % 4 - 1];
    } else {
      gap = !spelled.empty();
    }
    // 亿 and 万 close a group of four places that holds anything.
    const bool group_holds = yuan / place % 10'000 != 0;
    if (power == 8 && group_holds) spelled += U'亿';
    if (power == 4 && group_holds) spelled += U'万';
  }
  return spelled;
}

std::string in_capitals(Money amount) {
  const auto jiao = static_cast<std::size_t>(amount.cents() / 10 % 10);
  const auto fen = static_cast<std::size_t>(amount.cents() % 10);
  std::u32string spelled = capitals_of(amount.cents() / 100);
  if (spelled.empty()) spelled += kCapitals[0];
  spelled += U'元';
  if (jiao != 0) spelled += std::u32string{kCapitals[jiao], U'角'};
  if (jiao == 0 && fen != 0) spelled += kCapitals[0];
  spelled += fen != 0 ? std::u32string{kCapitals[fen], U'分'} : std::u32string{U'整'};
  return utf8(spelled);
}

struct Spelled {
  std::int64_t cents;
  const char* capitals;
};
class SpelledMoney : public testing::TestWithParam<Spelled> {};

TEST_P(SpelledMoney, FollowsTheRulesOfBankForms) {
  EXPECT_EQ(in_capitals(Money::of_cents(GetParam().cents)), GetParam().capitals);
}

INSTANTIATE_TEST_SUITE_P(Examples, SpelledMoney,
                         testing::Values(Spelled{0, "零元整"}, Spelled{5, "零元零伍分"},
                                         Spelled{1000, "壹拾元整"}, Spelled{10050, "壹佰元伍角整"},
                                         Spelled{10005, "壹佰元零伍分"},
                                         Spelled{1000500, "壹万零伍元整"},
                                         Spelled{491696, "肆仟玖佰壹拾陆元玖角陆分"},
                                         Spelled{12'050'000, "壹拾贰万零伍佰元整"},
                                         Spelled{10'020'000'000, "壹亿零贰拾万元整"}));

// Spelling and reading are written apart from each other; they must agree.
TEST(Money, CapitalsAndFiguresReadBackAlike) {
  std::mt19937_64 random(32100);
  for (int round = 0; round < 20'000; ++round) {
    const int digits = static_cast<int>(random() % 13) + 1;
    std::int64_t bound = 1;
    for (int i = 0; i < digits; ++i) bound *= 10;
    const Money money = Money::of_cents(static_cast<std::int64_t>(random()) % bound);
    const Money amount = money.cents() < 0 ? Money::of_cents(-money.cents()) : money;
    const auto spelled = Money::parse(in_capitals(amount));
    ASSERT_TRUE(spelled) << amount.text() << " " << in_capitals(amount);
    ASSERT_EQ(*spelled, amount) << in_capitals(amount);
    ASSERT_EQ(*Money::parse(money.text()), money);
  }
}

TEST(Money, IsExactWhereFloatingPointIsNot) {
  Money sum;
  for (int i = 0; i < 1'000'000; ++i) sum = sum + Money::of_cents(10);
  EXPECT_EQ(sum.text(), "100000.00");
  EXPECT_EQ((Money::of_cents(5) - Money::of_cents(10)).text(), "-0.05");
}

}  // namespace
}  // namespace archive
