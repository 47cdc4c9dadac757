#include "ocr/text/retouch.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"
#include "tests/ocr/seal_drawing.h"

namespace archive {
namespace {

// A line of text: 50 pixels high, its strokes 3 pixels thick, those of a seal 9.
constexpr int kLineHeight = 50;
constexpr int kLineWidth = 300;
constexpr Ink kSealInk{0.5, 0.5, 0.5};

Pixels line_of_print() {
  Pixels line = white_sheet(kLineWidth, kLineHeight);
  fill(line, 0, 0, kLineWidth, kLineHeight, 250);
  for (int x = 20; x < kLineWidth - 20; x += 24) bar(line, x, 10, 3, 30, kBlackInk);
  bar(line, 10, 40, kLineWidth - 20, 3, kBlackInk);
  return line;
}

// An oblique stroke, as print has none.
void seal_stroke(Pixels& line, const Ink& colour) {
  for (int y = 0; y < kLineHeight; ++y) bar(line, 90 + y, y, 9, 1, colour);
}

int darkest_in(const Pixels& line, const Box& box) {
  int darkest = 255;
  for (int y = static_cast<int>(box.top); y < static_cast<int>(box.bottom); ++y) {
    for (int x = static_cast<int>(box.left); x < static_cast<int>(box.right); ++x) {
      darkest = std::min<int>(darkest, line.row(y)[x]);
    }
  }
  return darkest;
}

// Where the stroke of the seal runs between two strokes of print, and where it crosses one.
constexpr Box kBetween{121, 27, 133, 33};
constexpr Box kCrossed{116, 20, 119, 30};

TEST(Retouch, ASealLighterThanPrintGoesAndWhatItCrossesStays) {
  Pixels line = line_of_print();
  seal_stroke(line, kSealInk);
  ASSERT_LT(darkest_in(line, kBetween), 150);
  const Pixels bare = without_thick_strokes(line);
  EXPECT_GT(darkest_in(bare, kBetween), 220);
  EXPECT_LT(darkest_in(bare, kCrossed), 60);
}

TEST(Retouch, ASealAsDarkAsPrintGoesWithWhatItCrosses) {
  Pixels line = line_of_print();
  seal_stroke(line, kBlackInk);
  const Pixels bare = without_thick_strokes(line);
  EXPECT_GT(darkest_in(bare, kBetween), 220);
  EXPECT_LT(darkest_in(bare, {20, 12, 23, 38}), 60);
}

TEST(Retouch, ALineWithoutASealIsWhatItWas) {
  EXPECT_EQ(without_thick_strokes(line_of_print()).bytes, line_of_print().bytes);
  Pixels empty = white_sheet(kLineWidth, kLineHeight);
  EXPECT_EQ(without_thick_strokes(empty).bytes, empty.bytes);
}

TEST(Retouch, LightInkGoes) {
  Pixels line = line_of_print();
  bar(line, 130, 15, 8, 8, {0.7, 0.7, 0.7});
  const Pixels bare = without_light_ink(line);
  EXPECT_EQ(darkest_in(bare, {128, 13, 139, 25}), 255);
  EXPECT_EQ(darkest_in(bare, {20, 12, 23, 38}), 0);
}

TEST(Retouch, ColouredInkIsHardlySeenInItsOwnLight) {
  Pixels line = colour_sheet(kLineWidth, kLineHeight);
  bar(line, 20, 10, 3, 30, kBlackInk);
  bar(line, 60, 10, 9, 30, kBlueInk);
  bar(line, 90, 10, 9, 30, kRedInk);
  const Pixels bare = without_colour(line);
  EXPECT_EQ(bare.channels, 1);
  EXPECT_GT(darkest_in(bare, {55, 5, 105, 45}), 170);
  EXPECT_LT(darkest_in(bare, {18, 8, 25, 42}), 60);
  EXPECT_EQ(without_colour(line_of_print()).bytes, line_of_print().bytes);
}

}  // namespace
}  // namespace archive
