#include "ocr/page/survey.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

constexpr double kMillimetre = 2339 / 297.0;  // A4 at 200 dpi
int mm(double length) { return static_cast<int>(length * kMillimetre); }

Pixels page() { return white_sheet(1654, 2339); }

TEST(Survey, BarePaperHasNoInk) {
  const PageSurvey survey = survey_page(page());
  EXPECT_EQ(survey.ink_share, 0);
  EXPECT_TRUE(survey.marks.empty());
}

TEST(Survey, PunchHolesStaplesAndSpecksAreNoInk) {
  Pixels sheet = page();
  disc(sheet, mm(10), mm(108), mm(3));
  disc(sheet, mm(10), mm(188), mm(3));
  stroke(sheet, {kMillimetre * 5, kMillimetre * 10}, {kMillimetre * 15, kMillimetre * 11}, 5);
  for (int i = 0; i < 40; ++i) fill(sheet, 200 + 30 * i, 300 + 40 * i, 2, 2);
  EXPECT_EQ(survey_page(sheet).ink_share, 0);
}

TEST(Survey, AWordIsInk) {
  Pixels sheet = page();
  for (int i = 0; i < 8; ++i) frame(sheet, 600 + 40 * i, 900, 30, 4);
  EXPECT_GT(survey_page(sheet).ink_share, 1e-4);
}

// The number stamped into the corner of a sheet was taken for a staple.
TEST(Survey, ANumberInTheCornerIsAMark) {
  Pixels sheet = page();
  stroke(sheet, {1560, 80}, {1545, 104}, 6);
  fill(sheet, 1543, 102, 26, 5);
  fill(sheet, 1558, 80, 6, 36);
  const PageSurvey survey = survey_page(sheet);
  ASSERT_EQ(survey.marks.size(), 1u);
  EXPECT_NEAR(survey.marks[0].left, 1542, 4);
  EXPECT_NEAR(survey.marks[0].bottom, 116, 4);
  EXPECT_GT(survey.ink_share, 0);
}

// Large thin figures, 7 above all, span as much as a staple.
TEST(Survey, ALargeSevenInTheCornerIsAMark) {
  Pixels sheet = page();
  fill(sheet, 1520, 80, 32, 6);
  stroke(sheet, {1549, 84}, {1530, 136}, 7);
  EXPECT_EQ(survey_page(sheet).marks.size(), 1u);
}

TEST(Survey, RulesAndBarsAreNoMarks) {
  Pixels sheet = page();
  fill(sheet, 200, 400, 1200, 4);
  fill(sheet, 200, 400, 4, 600);
  for (int i = 0; i < 20; ++i) fill(sheet, 300 + 20 * i, 1200, 8, 70);
  EXPECT_TRUE(survey_page(sheet).marks.empty());
}

TEST(Survey, ADarkBorderIsNotOnThePaper) {
  Pixels sheet = page();
  fill(sheet, 0, 0, 60, sheet.height, 20);
  const PageSurvey survey = survey_page(sheet);
  EXPECT_TRUE(survey.dark_left);
  EXPECT_FALSE(survey.dark_right);
  EXPECT_FALSE(survey.dark_top);
  EXPECT_EQ(survey.ink_share, 0);
}

TEST(Survey, FaintPrintOfTheBackIsInkButNotDeepInk) {
  Pixels sheet = page();
  for (int i = 0; i < 20; ++i) fill(sheet, 300 + 50 * i, 900, 30, 40, 195);
  const PageSurvey survey = survey_page(sheet);
  EXPECT_GT(survey.ink_share, 0);
  EXPECT_EQ(deep_ink_share(survey), 0);
}

}  // namespace
}  // namespace archive
