#include "ocr/page/stamped_line.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

constexpr int kTop = 80;

/// The number of a form: seven figures of 24 pixels that stand on row 139.
void form_number(Pixels& sheet, int left) {
  for (int i = 0; i < 7; ++i) fill(sheet, left + 13 * i, kTop + 35, 9, 24);
}

/// A page number of two figures, 52 pixels high, whose lower end reaches below the upper end
/// of the form's number.
void stamp(Pixels& sheet, int left) {
  fill(sheet, left, kTop, 22, 52);
  fill(sheet, left + 28, kTop, 22, 52);
}

std::vector<TextRegion> parted(const Pixels& sheet, const Box& box) {
  return part_stamped_lines(sheet, {{Quad::of(box), 0.9, 200}});
}

TEST(StampedLine, TheNumberOfTheFormAndThePageNumberAboveIt) {
  Pixels sheet = white_sheet(1654, 2339);
  form_number(sheet, 1400);
  stamp(sheet, 1470);
  const auto regions = parted(sheet, {1396, kTop - 4, 1524, kTop + 64});
  ASSERT_EQ(regions.size(), 2u);
  const Box number = regions[0].quad.bounds(), page = regions[1].quad.bounds();
  EXPECT_NEAR(number.left, 1396, 4);
  EXPECT_NEAR(number.top, kTop + 35, 5);
  EXPECT_NEAR(number.right, 1487, 5) << "the last figure under the stamp is the number's";
  EXPECT_NEAR(number.bottom, kTop + 59, 5);
  EXPECT_NEAR(page.left, 1470, 5);
  EXPECT_NEAR(page.top, kTop, 5);
  EXPECT_NEAR(page.right, 1524, 5);
  EXPECT_NEAR(page.bottom, kTop + 52, 5);
}

TEST(StampedLine, ALineOfOneHeightStaysWhole) {
  Pixels sheet = white_sheet(1654, 2339);
  form_number(sheet, 1400);
  EXPECT_EQ(parted(sheet, {1396, kTop + 31, 1524, kTop + 64}).size(), 1u);
}

// Points that lead to a number are lower than any number of a form.
TEST(StampedLine, LeadersBeforeANumberStay) {
  Pixels sheet = white_sheet(1654, 2339);
  for (int i = 0; i < 20; ++i) fill(sheet, 1300 + 8 * i, kTop + 46, 4, 4);
  stamp(sheet, 1470);
  EXPECT_EQ(parted(sheet, {1296, kTop - 4, 1524, kTop + 64}).size(), 1u);
}

TEST(StampedLine, OnlyAtTheEdgesOfASheet) {
  Pixels sheet = white_sheet(1654, 600);
  form_number(sheet, 1400);
  stamp(sheet, 1470);
  EXPECT_EQ(parted(sheet, {1396, kTop - 4, 1524, kTop + 64}).size(), 1u);
}

}  // namespace
}  // namespace archive
