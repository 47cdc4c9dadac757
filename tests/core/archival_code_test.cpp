#include "core/archival_code.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using enum ArchivalCodeFault;

struct Accepted {
  const char* name;
  const char* text;
  const char* value;
};
class AcceptedArchivalCode : public testing::TestWithParam<Accepted> {};

TEST_P(AcceptedArchivalCode, HasOneText) {
  const auto code = ArchivalCode::parse(GetParam().text);
  ASSERT_TRUE(code) << name_of(code.error());
  EXPECT_EQ(code->text(), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, AcceptedArchivalCode,
    testing::Values(Accepted{"ByItem", "A182-WS·2022-Y-XZ-0001", "A182-WS·2022-Y-XZ-0001"},
                    Accepted{"ByVolume", "SB2-2020-YL-4359", "SB2-2020-YL-4359"},
                    Accepted{"LongDashes", "SB2—2020—YL—4359", "SB2-2020-YL-4359"},
                    Accepted{"OtherDot", "A182-WS•2022-Y", "A182-WS·2022-Y"},
                    Accepted{"FullWidth", "ＳＢ２－２０２０", "SB2-2020"},
                    Accepted{"SmallAndSpaced", "sb2 - 2020", "SB2-2020"},
                    Accepted{"Hanzi", "社保2020-永久-0001", "社保2020-永久-0001"}),
    [](const auto& row) { return row.param.name; });

struct Refused {
  const char* name;
  const char* text;
  ArchivalCodeFault fault;
};
class RefusedArchivalCode : public testing::TestWithParam<Refused> {};

TEST_P(RefusedArchivalCode, NamesTheFault) {
  const auto code = ArchivalCode::parse(GetParam().text);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(Examples, RefusedArchivalCode,
                         testing::Values(Refused{"Nothing", " ", empty},
                                         Refused{"OneGroup", "SB2020", grouping},
                                         Refused{"EmptyGroup", "SB2--4359", grouping},
                                         Refused{"HyphenLast", "SB2-4359-", grouping},
                                         Refused{"NoDigit", "WS-Y", grouping},
                                         Refused{"Colon", "档号:SB2-4359", character},
                                         Refused{"PathParts", "../../etc/passwd-1\\x", character}),
                         [](const auto& row) { return row.param.name; });

TEST(ArchivalCode, RefusesWhatIsTooLong) {
  EXPECT_TRUE(ArchivalCode::parse("1-" + std::string(ArchivalCode::kLengthMax - 2, '1')));
  const auto code = ArchivalCode::parse("1-" + std::string(ArchivalCode::kLengthMax - 1, '1'));
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error(), length);
}

}  // namespace
}  // namespace archive
