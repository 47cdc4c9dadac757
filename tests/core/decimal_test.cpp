#include "core/decimal.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

TEST(Decimal, ReadsWhatTablesAndFormsPrint) {
  struct Row {
    const char* text;
    std::int64_t millionths;
    const char* written;
  };
  for (const Row& row :
       {Row{"0.0005", 500, "0.0005"}, Row{"207", 207'000'000, "207"}, Row{"16%", 160'000, "0.16"},
        Row{"0.5%", 5'000, "0.005"}, Row{"2‰", 2'000, "0.002"}, Row{"-1.5", -1'500'000, "-1.5"},
        Row{"１６％", 160'000, "0.16"}, Row{"0", 0, "0"}}) {
    const auto value = Decimal::parse(row.text);
    ASSERT_TRUE(value) << row.text;
    EXPECT_EQ(value->millionths(), row.millionths) << row.text;
    EXPECT_EQ(value->text(), row.written);
  }
  for (const char* wrong : {"", "%", ".5", "5.", "1.2.3", "1,000", "1e3", "0.0000005", "0.00001%",
                            "1234567890", "八"}) {
    EXPECT_FALSE(Decimal::parse(wrong)) << wrong;
  }
}

TEST(Decimal, AsAPercentage) {
  EXPECT_EQ(Decimal::parse("0.16")->percent(), "16%");
  EXPECT_EQ(Decimal::parse("0.005")->percent(), "0.5%");
  EXPECT_EQ(Decimal::parse("1.1")->percent(), "110%");
}

TEST(Decimal, TimesMoneyIsRoundedOnce) {
  const auto yuan = [](const char* text) { return *Money::parse(text); };
  EXPECT_EQ((yuan("6000.00") * *Decimal::parse("16%")).text(), "960.00");
  EXPECT_EQ((yuan("11611.00") * *Decimal::parse("0.5%")).text(), "58.06");    // 58.055
  EXPECT_EQ((yuan("-11611.00") * *Decimal::parse("0.5%")).text(), "-58.06");  // away from zero
  EXPECT_EQ(scaled(yuan("90000.00"), 1, 139).text(), "647.48");
  EXPECT_EQ(scaled(yuan("10000.00"), 500 * 30, Decimal::kOne).text(), "150.00");
}

// What a page prints may be anything below a trillion.
TEST(Decimal, LargeAmountsDoNotOverflow) {
  const Money most = Money::of_cents(Money::kLargestCents - 1);
  EXPECT_EQ((most * Decimal::of(1)).cents(), most.cents());
  EXPECT_GT(scaled(most, 999'999'999 * Decimal::kOne, 1).cents(), most.cents());
}

}  // namespace
}  // namespace archive
