#include "index/fold.h"

#include <gtest/gtest.h>

#include "core/utf8.h"

namespace archive {
namespace {

struct Folding {
  const char* name;
  const char* text;
  const char* expected;
};
class Folded : public testing::TestWithParam<Folding> {};

TEST_P(Folded, HasOneSpelling) { EXPECT_EQ(utf8(folded(GetParam().text)), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Examples, Folded,
    testing::Values(Folding{"Traditional", "社會保險業務", "社会保险业务"},
                    Folding{"Simplified", "社会保险业务", "社会保险业务"},
                    Folding{"OneCharacterAtATime", "乾隆乾燥", "干隆干燥"},
                    Folding{"Variants", "羣眾，関係，髙、値", "群众,关系,高、值"},
                    Folding{"CompatibilityIdeograph", "\uF9F4", "林"},
                    Folding{"RareTraditional", "𡻕", "岁"},
                    Folding{"FullWidth", "ＡＢｃ１２３／（）", "abc123/()"},
                    Folding{"HalfWidthKana", "ｶﾞ", "カ\u3099"},
                    Folding{"R72Accents", "Gestión, información, Ünal", "gestion, informacion, unal"},
                    Folding{"SharpS", "STRASSE Straße", "strasse strasse"},
                    Folding{"Circled", "①㎡№", "1m2no"},
                    Folding{"SoftHyphen", "co\u00ADoperate", "cooperate"},
                    Folding{"ZeroOfYears", "二〇〇四 二○○四", "二零零四 二零零四"},
                    Folding{"BulletsStay", "○男", "○男"},
                    Folding{"R71InsertedPinyin", "業(yè)務 社會（huì）", "业务 社会"},
                    Folding{"InsertedPinyinApart", "業(ye\u0300)務", "业务"},
                    Folding{"BracketsWithoutTone", "甲(a)乙", "甲(a)乙"},
                    Folding{"BracketsAfterLatin", "a(yè)", "a(ye)"},
                    Folding{"BracketsNotClosed", "業(yè務", "业(ye务"},
                    Folding{"LongerThanASyllable", "甲(información)", "甲(informacion)"},
                    Folding{"Nothing", "", ""}),
    [](const auto& row) { return row.param.name; });

TEST(Fold, SaysWhereEachCharacterCameFrom) {
  const std::vector<FoldedChar> chars = fold(U"業(yè)務①㎡");
  ASSERT_EQ(chars.size(), 5u);  // 业 务 1 m 2
  const std::uint32_t sources[] = {0, 5, 6, 7, 7};
  for (std::size_t i = 0; i < chars.size(); ++i) EXPECT_EQ(chars[i].source, sources[i]) << i;
}

// A query is folded once, a page too; what the index stores must fold to itself.
TEST(Fold, IsTheSameDoneTwice) {
  std::string text;
  for (char32_t c = 0x20; c < 0x30000; c += 1) {
    if (c >= 0xD800 && c < 0xE000) continue;
    text = utf8(c);
    const std::u32string once = folded(text);
    ASSERT_EQ(folded(utf8(once)), once) << "U+" << std::hex << static_cast<unsigned>(c);
  }
}

}  // namespace
}  // namespace archive
