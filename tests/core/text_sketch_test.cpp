#include "core/text_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/utf8.h"

namespace archive {
namespace {

/// A text of hanzi that repeats nothing, from `first` on.
std::string hanzi(char32_t first, std::size_t length) {
  std::u32string text;
  for (std::size_t i = 0; i < length; ++i) text += static_cast<char32_t>(first + i);
  return utf8(text);
}

TEST(TextSketch, IsTheSameOnEveryMachine) {
  // Kept in records: a change here would make old pages unlike new ones.
  EXPECT_EQ(sketch_of("社会保险登记表"),
            (std::vector<std::uint32_t>{856794179U, 858413180U, 2627831893U, 3060671895U}));
}

TEST(TextSketch, OfATextWithoutARunIsEmpty) {
  EXPECT_TRUE(sketch_of("").empty());
  EXPECT_TRUE(sketch_of("登 记　表").empty());
  EXPECT_EQ(likeness({}, {}), 0);
}

TEST(TextSketch, DoesNotSeeBlanks) {
  EXPECT_EQ(sketch_of("姓 名：张　三"), sketch_of("姓名：张三"));
}

TEST(TextSketch, KeepsAtMostSoMany) {
  EXPECT_EQ(sketch_of(hanzi(0x4E00, 5000)).size(), kSketchSize);
}

TEST(TextSketch, TellsHowMuchTwoTextsShare) {
  const std::string whole = hanzi(0x4E00, 1000);
  EXPECT_EQ(likeness(sketch_of(whole), sketch_of(whole)), 1);
  EXPECT_EQ(likeness(sketch_of(whole), sketch_of(hanzi(0x6E00, 1000))), 0);
  // Half of the runs of both are shared: 1000 of 2000 would be 0.33 of all.
  EXPECT_NEAR(likeness(sketch_of(whole), sketch_of(hanzi(0x4E00 + 500, 1000))), 1. / 3, 0.1);
  std::string misread = whole;
  misread.replace(misread.size() / 2 / 3 * 3, 3, "錯");
  EXPECT_GT(likeness(sketch_of(whole), sketch_of(misread)), 0.95);
}

}  // namespace
}  // namespace archive
