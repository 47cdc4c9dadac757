#include "ocr/page/facing_pages.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

constexpr int kLine = 40;     // height of a line of text
constexpr int kSpacing = 80;  // from one line to the next

void add_lines(std::vector<TextRegion>& regions, double left, double right, double first,
               int count) {
  for (int i = 0; i < count; ++i) {
    const double top = first + i * kSpacing;
    regions.push_back({Quad::of({left, top, right, top + kLine}), 0.9, 150});
  }
}

// A sheet 3,400 x 2,400 with 20 lines on each half; the right ones begin lower by `shift`.
std::vector<TextRegion> halves(double left_end, double right_start, double shift) {
  std::vector<TextRegion> regions;
  add_lines(regions, 200, left_end, 300, 20);
  add_lines(regions, right_start, 3200, 300 + shift, 20);
  return regions;
}

TEST(FacingPages, AnOpenBookIsPartedInItsGutter) {
  const auto gutter = gutter_of(white_sheet(3400, 2400), halves(1550, 1850, 0));
  ASSERT_TRUE(gutter);
  EXPECT_DOUBLE_EQ(*gutter, 1700);
}

TEST(FacingPages, ANarrowGutterIsBelievedWhenTheRowsDoNotMatch) {
  EXPECT_TRUE(gutter_of(white_sheet(3400, 2400), halves(1650, 1750, 40)));
  EXPECT_FALSE(gutter_of(white_sheet(3400, 2400), halves(1650, 1750, 4)));
}

TEST(FacingPages, AnUprightSheetHasOnePage) {
  EXPECT_FALSE(gutter_of(white_sheet(3400, 3300), halves(1550, 1850, 0)));
}

TEST(FacingPages, AHeadingOverBothHalvesMakesOnePage) {
  std::vector<TextRegion> regions = halves(1550, 1850, 0);
  add_lines(regions, 1000, 2400, 100, 1);
  EXPECT_FALSE(gutter_of(white_sheet(3400, 2400), regions));
}

TEST(FacingPages, ARuleOverTheMiddleMakesOnePage) {
  Pixels sheet = white_sheet(3400, 2400);
  stroke(sheet, {150, 1000}, {3250, 1004}, 4);
  EXPECT_FALSE(gutter_of(sheet, halves(1550, 1850, 0)));
}

TEST(FacingPages, TheFoldOfTheBookIsNoRule) {
  Pixels sheet = white_sheet(3400, 2400);
  fill(sheet, 1690, 0, 20, 2400);
  EXPECT_TRUE(gutter_of(sheet, halves(1550, 1850, 0)));
}

TEST(FacingPages, AHalfWithHardlyAnyTextIsNoPage) {
  std::vector<TextRegion> regions;
  add_lines(regions, 200, 1550, 300, 20);
  add_lines(regions, 1850, 3200, 300, 3);
  EXPECT_FALSE(gutter_of(white_sheet(3400, 2400), regions));
}

}  // namespace
}  // namespace archive
