#include "config/item_number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace archive {
namespace {

using testing::HasSubstr;

struct Pattern {
  const char* name;
  const char* text;
  const char* number;  // of item 7 of the volume SB1-2017-ZJ-6649
};
class AcceptedItemNumber : public testing::TestWithParam<Pattern> {};

TEST_P(AcceptedItemNumber, MakesTheNumber) {
  const auto pattern = ItemNumberPattern::parse(GetParam().text);
  ASSERT_TRUE(pattern) << pattern.error();
  EXPECT_EQ(pattern->number("SB1-2017-ZJ-6649", 7), GetParam().number);
  EXPECT_EQ(pattern->text(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    R2, AcceptedItemNumber,
    testing::Values(Pattern{"Usual", "{volume}-{item:4}", "SB1-2017-ZJ-6649-0007"},
                    Pattern{"ThreeDigits", "{volume}-{item:3}", "SB1-2017-ZJ-6649-007"},
                    Pattern{"WithAZero", "{volume}·{item:04}", "SB1-2017-ZJ-6649·0007"},
                    Pattern{"WithoutZeros", "{volume}/{item}", "SB1-2017-ZJ-6649/7"},
                    Pattern{"ItemFirst", "J{item:2}-{volume}", "J07-SB1-2017-ZJ-6649"},
                    Pattern{"Words", "{volume}-J12号{item:2}", "SB1-2017-ZJ-6649-J12号07"}),
    [](const auto& row) { return row.param.name; });

TEST(R2, NumberIsLongerThanItsDigitsWhereItMustBe) {
  EXPECT_EQ(ItemNumberPattern().number("A-1", 12345), "A-1-12345");
  EXPECT_EQ(ItemNumberPattern().text(), "{volume}-{item:4}");
}

struct Wrong {
  const char* name;
  const char* text;
  const char* fault;
};
class RefusedItemNumber : public testing::TestWithParam<Wrong> {};

TEST_P(RefusedItemNumber, SaysWhy) {
  const auto pattern = ItemNumberPattern::parse(GetParam().text);
  ASSERT_FALSE(pattern);
  EXPECT_THAT(pattern.error(), HasSubstr(GetParam().fault));
}

INSTANTIATE_TEST_SUITE_P(
    R2, RefusedItemNumber,
    testing::Values(Wrong{"Empty", "", "{volume}"}, Wrong{"NoItem", "{volume}-1", "{item}"},
                    Wrong{"NoVolume", "{item:4}", "{volume}"},
                    Wrong{"ItemTwice", "{volume}-{item}-{item:4}",
                          "{item} has to stand in it once"},
                    Wrong{"Misspelt", "{volumne}-{item:4}", "did you mean {volume}?"},
                    Wrong{"Unknown", "{volume}-{xyz}", "the parts are"},
                    Wrong{"VolumeWithDigits", "{volume:3}-{item}", "no part {volume:3}"},
                    Wrong{"NoDigits", "{volume}-{item:}", "from 1 to 9"},
                    Wrong{"ZeroDigits", "{volume}-{item:0}", "from 1 to 9"},
                    Wrong{"ManyDigits", "{volume}-{item:99}", "from 1 to 9"},
                    Wrong{"DigitsThatAreNone", "{volume}-{item:4x}", "from 1 to 9"},
                    Wrong{"NothingBetween", "{volume}{item:4}", "no digit"},
                    Wrong{"DigitBetween", "{volume}-0{item}", "no digit"},
                    Wrong{"DigitAfterTheItem", "{item}0-{volume}", "no digit"},
                    Wrong{"OpenBrace", "{volume}-{item", "not closed"},
                    Wrong{"BraceNotOpened", "{volume}-{item}}", "not opened"},
                    Wrong{"SignOfNoNumber", "{volume}-{item} ", "no archive number"},
                    Wrong{"SmallLetter", "{volume}-n{item}", "capitals"},
                    Wrong{"ManyNumbersOfOneSign", "{volume}—{item}", "no archive number"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace archive
