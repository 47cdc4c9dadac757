#include "ocr/page/double_line.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

/// Marks like characters, 20 pixels high, over 400 pixels.
void line_of_marks(Pixels& sheet, int top) {
  for (int x = 20; x < 420; x += 24) fill(sheet, x, top, 16, 20);
}

std::vector<TextRegion> parted(const Pixels& sheet, const Box& box) {
  return part_double_lines(sheet, {{Quad::of(box), 0.9, 200}});
}

TEST(DoubleLine, TwoLinesFoundAsOneArePartedWhereNoInkIs) {
  Pixels sheet = white_sheet(440, 100);
  line_of_marks(sheet, 20);
  line_of_marks(sheet, 50);
  const auto regions = parted(sheet, {16, 16, 424, 74});
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_NEAR(regions[0].quad.bounds().bottom, 45, 3);
  EXPECT_EQ(regions[0].quad.bounds().bottom, regions[1].quad.bounds().top);
  EXPECT_EQ(regions[1].quad.bounds().bottom, 74);
}

TEST(DoubleLine, ARuleBelowALineIsNoLine) {
  Pixels sheet = white_sheet(440, 100);
  line_of_marks(sheet, 20);
  fill(sheet, 10, 56, 420, 3);
  const auto regions = parted(sheet, {16, 16, 424, 62});
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_LT(regions[0].quad.bounds().bottom, 56);
}

TEST(DoubleLine, OneLineStaysWhole) {
  Pixels sheet = white_sheet(440, 100);
  line_of_marks(sheet, 20);
  EXPECT_EQ(parted(sheet, {16, 16, 424, 44}).size(), 1u);
}

TEST(DoubleLine, LinesWithInkBetweenThemStayWhole) {
  Pixels sheet = white_sheet(440, 100);
  line_of_marks(sheet, 20);
  line_of_marks(sheet, 50);
  for (int x = 20; x < 420; x += 30) fill(sheet, x, 36, 8, 20);
  EXPECT_EQ(parted(sheet, {16, 16, 424, 74}).size(), 1u);
}

TEST(DoubleLine, AShortRegionMayBeOneCharacterOfTwoParts) {
  Pixels sheet = white_sheet(440, 100);
  fill(sheet, 20, 20, 40, 14);
  fill(sheet, 20, 44, 40, 14);
  EXPECT_EQ(parted(sheet, {16, 16, 64, 62}).size(), 1u);
}

}  // namespace
}  // namespace archive
