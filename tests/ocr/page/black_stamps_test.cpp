#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ocr/page/seals.h"
#include "ocr/page/survey.h"
#include "tests/ocr/drawing.h"
#include "tests/ocr/seal_drawing.h"

namespace archive {
namespace {

// A4 as it is looked at: four pixels a millimetre.
constexpr int kWidth = 848;
constexpr int kHeight = 1200;
constexpr Ink kGreyInk{0.5, 0.5, 0.5};
constexpr Point kPlace{420, 640};
constexpr double kAcross = 80;
constexpr double kDown = 26;

std::vector<SealOutline> seals_on(const Pixels& sheet) {
  const PageSurvey survey = survey_page(sheet);
  return find_seals(survey.small, survey.depth);
}

// A form with a table whose rules are 24 mm apart, and print in its cells.
Pixels form() {
  Pixels sheet = white_sheet(kWidth, kHeight);
  for (int row = 0; row <= 8; ++row) bar(sheet, 84, 300 + 60 * row, 680, 2, kBlackInk);
  for (int column = 0; column <= 4; ++column) bar(sheet, 84 + 170 * column, 300, 2, 482, kBlackInk);
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 4; ++column) {
      print(sheet, 100 + 170 * column, 324 + 60 * row, 5, 13, kBlackInk);
    }
  }
  return sheet;
}

// A frame with two lines, as stamps of an office's rooms have them.
void stamp(Pixels& sheet, double degrees, const Ink& ink) {
  rectangle(sheet, kPlace, kAcross, kDown, degrees, 3, ink);
  print(sheet, static_cast<int>(kPlace.x) - 40, static_cast<int>(kPlace.y) - 16, 4, 14, ink);
  print(sheet, static_cast<int>(kPlace.x) - 60, static_cast<int>(kPlace.y) + 2, 8, 12, ink);
}

Pixels turned(const Pixels& sheet) {
  Pixels lying = white_sheet(sheet.height, sheet.width);
  for (int y = 0; y < sheet.height; ++y) {
    for (int x = 0; x < sheet.width; ++x) lying.row(sheet.width - 1 - x)[y] = sheet.row(y)[x];
  }
  return lying;
}

TEST(BlackStamps, OneAslantIsFoundOnATable) {
  for (const double degrees : {-8.0, -3.0, 4.0, 9.0}) {
    Pixels sheet = form();
    stamp(sheet, degrees, kBlackInk);
    const auto seals = seals_on(sheet);
    ASSERT_EQ(seals.size(), 1u) << degrees;
    EXPECT_EQ(seals[0].colour + ' ' + seals[0].shape, "black square");
    EXPECT_NEAR(seals[0].centre.x, kPlace.x, 2.5);
    EXPECT_NEAR(seals[0].centre.y, kPlace.y, 2.5);
    EXPECT_NEAR(seals[0].across, kAcross, 3.5);
    EXPECT_NEAR(seals[0].down, kDown, 3.5);
    EXPECT_NEAR(seals[0].angle_degrees, degrees, 0.6);
  }
}

TEST(BlackStamps, OneAlongTheRulesIsFoundByItsLighterInk) {
  Pixels sheet = form();
  stamp(sheet, 0, kGreyInk);
  EXPECT_EQ(seals_on(sheet).size(), 1u);
}

TEST(BlackStamps, ABoxAsDarkAsPrintAlongTheRulesIsOfTheForm) {
  Pixels sheet = form();
  stamp(sheet, 0, kBlackInk);
  EXPECT_TRUE(seals_on(sheet).empty());
}

TEST(BlackStamps, OneOnAPageThatLiesOnItsSideIsFound) {
  Pixels sheet = form();
  stamp(sheet, 5, kBlackInk);
  const auto seals = seals_on(turned(sheet));
  ASSERT_EQ(seals.size(), 1u);
  EXPECT_NEAR(seals[0].centre.x, kPlace.y, 2.5);
  EXPECT_NEAR(seals[0].centre.y, kWidth - kPlace.x, 2.5);
  EXPECT_NEAR(seals[0].across, kDown, 3.5);
  EXPECT_NEAR(seals[0].down, kAcross, 3.5);
}

TEST(BlackStamps, CellsOfATableAreNone) {
  EXPECT_TRUE(seals_on(form()).empty());
  Pixels pale = white_sheet(kWidth, kHeight);
  for (int row = 0; row <= 8; ++row) bar(pale, 84, 300 + 60 * row, 680, 2, kGreyInk);
  for (int column = 0; column <= 4; ++column) bar(pale, 84 + 170 * column, 300, 2, 482, kGreyInk);
  print(pale, 100, 324, 5, 13, kBlackInk);
  EXPECT_TRUE(seals_on(pale).empty());
}

// Its rows end at the frame, or run on through it.
TEST(BlackStamps, AColumnOfATableIsNone) {
  for (const int columns : {1, 2, 3}) {
    Pixels sheet = white_sheet(kWidth, kHeight);
    for (int row = 0; row <= 4; ++row) bar(sheet, 84, 300 + 40 * row, 80 * columns, 2, kGreyInk);
    for (int column = 0; column <= columns; ++column) {
      bar(sheet, 84 + 80 * column, 300, 2, 162, kGreyInk);
    }
    for (int row = 0; row < 4; ++row) print(sheet, 95, 314 + 40 * row, 4, 13, kBlackInk);
    for (int row = 0; row < 8; ++row) bar(sheet, 84, 600 + 40 * row, 680, 2, kBlackInk);
    EXPECT_TRUE(seals_on(sheet).empty()) << columns;
  }
}

// Fill-in lines of one length below each other, and boxes, all of which could be two sides.
TEST(BlackStamps, ManyLinesAndBoxesAreNone) {
  Pixels sheet = white_sheet(kWidth, kHeight);
  for (int row = 0; row < 60; ++row) bar(sheet, 100, 80 + 16 * row, 160, 2, kBlackInk);
  for (int row = 0; row < 20; ++row) {
    rectangle(sheet, {500, 100.0 + 50 * row}, 80, 20, 0, 2, kBlackInk);
    print(sheet, 450, 94 + 50 * row, 5, 13, kBlackInk);
  }
  EXPECT_TRUE(seals_on(sheet).empty());
}

TEST(BlackStamps, AnEmptyFrameIsNone) {
  Pixels sheet = white_sheet(kWidth, kHeight);
  for (int row = 0; row < 8; ++row) bar(sheet, 84, 300 + 40 * row, 680, 2, kBlackInk);
  rectangle(sheet, {420, 900}, kAcross, kDown, 6, 3, kBlackInk);
  EXPECT_TRUE(seals_on(sheet).empty());
}

TEST(BlackStamps, WithoutOtherLinesAFrameIsNotKnownForAStamp) {
  Pixels sheet = white_sheet(kWidth, kHeight);
  stamp(sheet, 6, kBlackInk);
  EXPECT_TRUE(seals_on(sheet).empty());
}

}  // namespace
}  // namespace archive
