#include "ocr/page/seal_ink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ocr/page/cleaning.h"
#include "ocr/page/plane.h"
#include "tests/ocr/drawing.h"
#include "tests/ocr/scripted_engine.h"
#include "tests/ocr/seal_drawing.h"

namespace archive {
namespace {

// A seal of 24 mm at 200 dpi.
constexpr int kSide = 400;
constexpr Point kCentre{200, 200};
constexpr double kRadius = 150;
constexpr Ink kGreyInk{0.55, 0.55, 0.55};
constexpr std::uint8_t kPrint = 30;

SealOutline outline(double off = 0) {
  return {{kCentre.x + off, kCentre.y - off}, kRadius, kRadius, 0, "black", "round", 1};
}

// A line of print through the middle, and a word below it.
Pixels print_alone() {
  Pixels sheet = white_sheet(kSide, kSide);
  print(sheet, 10, 190, 16, 20, kBlackInk);
  print(sheet, 150, 240, 4, 20, kBlackInk);
  fill(sheet, 0, 0, kSide, 30, kPrint);  // enough of it to know how dark print is
  return sheet;
}

Pixels with_seal(Pixels sheet, const Ink& colour) {
  arc(sheet, kCentre, kRadius, kRadius, 9, colour);
  ring_strokes(sheet, kCentre, kRadius, kRadius, 12, colour);
  return sheet;
}

int ink_in(const Pixels& sheet, const Box& box) {
  int ink = 0;
  for (int y = static_cast<int>(box.top); y < static_cast<int>(box.bottom); ++y) {
    for (int x = static_cast<int>(box.left); x < static_cast<int>(box.right); ++x) {
      ink += sheet.row(y)[x] < 128 ? 1 : 0;
    }
  }
  return ink;
}

constexpr Box kWholeSeal{40, 40, 360, 360};
constexpr Box kLine{0, 190, 400, 210};
constexpr Box kWord{150, 240, 250, 260};

struct Seen {
  const char* name;
  Ink ink;
  double off;            // of the outline, pixels
  double least_of_line;  // share of the line's ink that is left
  double most_of_seal;   // share of the seal's
};

class SealInk : public testing::TestWithParam<Seen> {};

TEST_P(SealInk, GoesAndPrintStays) {
  const Seen& seen = GetParam();
  const Pixels clean = print_alone();
  const Pixels sealed = with_seal(clean, seen.ink);
  const Pixels bare = without_seal_ink(sealed, sealed, {outline(seen.off)});
  EXPECT_EQ(ink_in(bare, kWord), ink_in(clean, kWord));
  EXPECT_GE(ink_in(bare, kLine), seen.least_of_line * ink_in(clean, kLine));
  const int of_seal = ink_in(sealed, kWholeSeal) - ink_in(clean, kWholeSeal);
  EXPECT_LE(ink_in(bare, kWholeSeal) - ink_in(clean, kWholeSeal), seen.most_of_seal * of_seal);
}

INSTANTIATE_TEST_SUITE_P(Seals, SealInk,
                         testing::Values(Seen{"lighter_than_print", kGreyInk, 0, 1, 0},
                                         Seen{"as_dark", kBlackInk, 0, 0.65, 0.1},
                                         Seen{"as_dark_found_two_pixels_off", kBlackInk, 2, 0.65,
                                              0.15}),
                         [](const auto& seen) { return std::string(seen.param.name); });

// A rectangle with a line of characters in it.
Pixels with_stamp(Pixels sheet, const Ink& colour) {
  rectangle(sheet, kCentre, 150, 50, 4, 7, colour);
  print(sheet, 90, 215, 9, 20, colour);
  return sheet;
}

SealOutline stamp(const char* colour) { return {kCentre, 147, 47, 4, colour, "square", 1}; }

struct Stamped {
  const char* name;
  Ink ink;
  const char* colour;
};

class StampInk : public testing::TestWithParam<Stamped> {};

TEST_P(StampInk, GoesFromAPageWithShadesAndPrintStays) {
  Pixels clean = colour_sheet(kSide, kSide);
  bar(clean, 0, 0, kSide, 30, kBlackInk);
  print(clean, 10, 180, 16, 20, kBlackInk);
  const Pixels sealed = with_stamp(clean, GetParam().ink);
  const Pixels bare = without_seal_ink(reading_plane(sealed), sealed, {stamp(GetParam().colour)});
  EXPECT_EQ(ink_in(bare, {0, 0, kSide, kSide}), ink_in(reading_plane(clean), {0, 0, kSide, kSide}));
}

INSTANTIATE_TEST_SUITE_P(Stamps, StampInk,
                         testing::Values(Stamped{"grey", kGreyInk, "black"},
                                         Stamped{"blue", kBlueInk, "blue"},
                                         Stamped{"red", kRedInk, "red"},
                                         Stamped{"dull_red", Ink{0.3, 0.3, 0.6}, "red"}),
                         [](const auto& stamped) { return std::string(stamped.param.name); });

TEST(StampInk, OneAsDarkAsPrintLosesItsFrameAlone) {
  const Pixels clean = print_alone();
  const Pixels bare = without_seal_ink(with_stamp(clean, kBlackInk), clean, {stamp("black")});
  const Pixels text_alone = [&] {
    Pixels sheet = clean;
    print(sheet, 90, 215, 9, 20, kBlackInk);
    return sheet;
  }();
  EXPECT_NEAR(ink_in(bare, kWholeSeal), ink_in(text_alone, kWholeSeal),
              0.1 * ink_in(text_alone, kWholeSeal));
}

TEST(SealInk, AStrokeThatCrossesTheFrameStays) {
  Pixels sheet = with_seal(print_alone(), kBlackInk);
  fill(sheet, 20, 228, 90, 4, kPrint);
  const Pixels bare = without_seal_ink(sheet, sheet, {outline()});
  EXPECT_GT(ink_in(bare, {40, 228, 70, 232}), 0.6 * 30 * 4);
}

TEST(SealInk, APageWithoutSealsIsWhatItWas) {
  const Pixels page = with_seal(print_alone(), kBlackInk);
  EXPECT_EQ(without_seal_ink(page, page, {}).bytes, page.bytes);
}

TEST(SealInk, ASealMayLeaveThePage) {
  SealOutline seal = outline();
  seal.centre = {10, 390};
  const Pixels bare = without_seal_ink(print_alone(), print_alone(), {seal});
  EXPECT_EQ(bare.width, kSide);
}

// The detector is shown the page without the seal, and the marks of its ring are not read as
// numbers that stand alone.
TEST(SealInk, TextIsLookedForWithoutIt) {
  class Detector : public ScriptedEngine {
   public:
    int ink = 0;
    std::vector<TextPatch> find(const Pixels& grey) override {
      ink = ink_in(grey, {300, 500, 700, 900});
      return {patch_of({100, 1100, 500, 1120}), patch_of({100, 1150, 500, 1170})};
    }
  } engine;
  PageImage image;
  image.bits_per_pixel = 1;
  image.pixels = white_sheet(1000, 1414);
  for (int row = 0; row < 12; ++row) print(image.pixels, 100, 1000 + 30 * row, 30, 20, kBlackInk);
  arc(image.pixels, {500, 700}, 100, 100, 6, kBlackInk);
  ring_strokes(image.pixels, {500, 700}, 100, 100, 12, kBlackInk);
  const int sealed = ink_in(image.pixels, {300, 500, 700, 900});
  const CleanPage page = clean_page(engine, image);
  ASSERT_EQ(page.seals.size(), 1u);
  EXPECT_LT(engine.ink, 0.1 * sealed);
  for (const TextRegion& region : page.regions) {
    EXPECT_FALSE(overlap(region.quad.bounds(), {400, 600, 600, 800}));
  }
}

}  // namespace
}  // namespace archive
