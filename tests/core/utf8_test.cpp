#include "core/utf8.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

TEST(Utf8, KeepsEveryPlaneThereAndBack) {
  const std::string text = "a é 卷 𠮷 😀";
  EXPECT_TRUE(is_utf8(text));
  EXPECT_EQ(utf8(code_points(text)), text);
  EXPECT_EQ(characters("卷宗").size(), 2u);
}

struct Broken {
  const char* name;
  const char* bytes;
};
class BrokenUtf8 : public testing::TestWithParam<Broken> {};

TEST_P(BrokenUtf8, IsRefusedAndReplaced) {
  EXPECT_FALSE(is_utf8(GetParam().bytes));
  EXPECT_NE(code_points(GetParam().bytes).find(U'\xFFFD'), std::u32string::npos);
}

INSTANTIATE_TEST_SUITE_P(Examples, BrokenUtf8,
                         testing::Values(Broken{"CutShort", "\xE5\x8D"},
                                         Broken{"Overlong", "\xC0\xAF"},
                                         Broken{"Surrogate", "\xED\xA0\x80"},
                                         Broken{"PastTheEnd", "\xF4\x90\x80\x80"},
                                         Broken{"LoneTail", "\x80"}),
                         [](const auto& row) { return row.param.name; });

TEST(Utf8, KnowsHanzi) {
  EXPECT_TRUE(is_hanzi(U'卷'));
  EXPECT_TRUE(is_hanzi(U'𠮷'));
  EXPECT_TRUE(is_hanzi(U'〇'));
  EXPECT_FALSE(is_hanzi(U'Ａ'));
  EXPECT_FALSE(is_hanzi(U'。'));
}

}  // namespace
}  // namespace archive
