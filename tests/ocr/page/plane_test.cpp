#include "ocr/page/plane.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

PageImage bilevel(int bits) {
  PageImage page;
  page.bits_per_pixel = bits;
  page.dpi_x = page.dpi_y = 300;
  return page;
}

// At 300 dpi a speck has up to 6 pixels, in a square of 13.
Pixels sheet_with(int left, int top, int width, int height) {
  Pixels sheet = white_sheet(100, 80);
  fill(sheet, left, top, width, height);
  return sheet;
}

TEST(Specks, AreTakenFromABilevelPageAlone) {
  const Pixels dirty = sheet_with(50, 40, 3, 2);
  EXPECT_EQ(without_specks(dirty, bilevel(1)).bytes, white_sheet(100, 80).bytes);
  EXPECT_EQ(without_specks(dirty, bilevel(8)).bytes, dirty.bytes);
}

TEST(Specks, LieAtTheRimToo) {
  for (const Pixels& corner : {sheet_with(0, 0, 2, 2), sheet_with(98, 78, 2, 2)}) {
    EXPECT_EQ(without_specks(corner, bilevel(1)).bytes, white_sheet(100, 80).bytes);
  }
}

TEST(Specks, AFullStopIsLarger) {
  const Pixels stop = sheet_with(50, 40, 4, 2);
  EXPECT_EQ(without_specks(stop, bilevel(1)).bytes, stop.bytes);
}

TEST(Specks, HaveNoNeighbours) {
  Pixels broken = sheet_with(50, 40, 3, 2);
  fill(broken, 58, 44, 3, 1);
  const Pixels kept = without_specks(broken, bilevel(1));
  EXPECT_EQ(kept.row(40)[52], 0);    // 7 pixels around it
  EXPECT_EQ(kept.row(40)[50], 255);  // the farther half of them is out of sight
}

}  // namespace
}  // namespace archive
