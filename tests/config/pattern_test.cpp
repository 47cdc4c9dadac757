#include "config/pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace archive {
namespace {

TEST(Pattern, KnowsHanziInsideBrackets) {
  const auto pattern = Pattern::compile("第[一二三]{1,2}条");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(pattern->found_in("依据第三条"));
  EXPECT_FALSE(pattern->found_in("依据第四条"));
}

TEST(Pattern, TellsWhereItsGroupsLieInBytes) {
  const std::string text = "欠缴12元和34元";
  const auto pattern = Pattern::compile("([0-9]+)元|(角)");
  ASSERT_TRUE(pattern);
  const auto first = pattern->first_in(text);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(text.substr(first[1].begin, first[1].end - first[1].begin), "12");
  EXPECT_EQ(first[2].begin, first[2].end) << "a group that took no part";
  const auto second = pattern->first_in(text, first[0].end);
  ASSERT_FALSE(second.empty());
  EXPECT_EQ(text.substr(second[1].begin, second[1].end - second[1].begin), "34");
  EXPECT_TRUE(pattern->first_in(text, text.size() + 1).empty());
}

TEST(Pattern, SaysWhatIsWrong) {
  std::string fault;
  EXPECT_FALSE(Pattern::compile("(开", &fault));
  EXPECT_FALSE(fault.empty());
  EXPECT_FALSE(Pattern::compile("(?=看)")) << "look-around is refused, not ignored";
}

// A backtracking engine would need longer than the age of the world.
TEST(Pattern, CannotBeKeptBusyByAText) {
  const auto pattern = Pattern::compile("(a|a)*(a|aa)*b$");
  ASSERT_TRUE(pattern);
  EXPECT_FALSE(pattern->found_in(std::string(100'000, 'a')));
}

}  // namespace
}  // namespace archive
