#include "ocr/page/seals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ocr/page/cleaning.h"
#include "ocr/page/rings.h"
#include "ocr/page/survey.h"
#include "tests/ocr/drawing.h"
#include "tests/ocr/scripted_engine.h"
#include "tests/ocr/seal_drawing.h"

namespace archive {
namespace {

// A4 as it is looked at: four pixels a millimetre.
constexpr int kWidth = 848;
constexpr int kHeight = 1200;

std::vector<SealOutline> seals_on(const Pixels& sheet) {
  const PageSurvey survey = survey_page(sheet);
  return find_seals(survey.small, survey.depth);
}

std::string summary(const std::vector<SealOutline>& seals) {
  std::string text;
  for (const SealOutline& seal : seals) text += seal.colour + ' ' + seal.shape + ';';
  return text;
}

void expect_at(const SealOutline& seal, Point centre, double across, double down) {
  EXPECT_NEAR(seal.centre.x, centre.x, 2.5);
  EXPECT_NEAR(seal.centre.y, centre.y, 2.5);
  EXPECT_NEAR(seal.across, across, 3.5);
  EXPECT_NEAR(seal.down, down, 3.5);
}

void page_of_print(Pixels& sheet) {
  for (int row = 0; row < 40; ++row) print(sheet, 100, 80 + 26 * row, 40, 13, kBlackInk);
}

struct Drawn {
  const char* name;
  Ink colour;
  double across, down;
  const char* found;
};

class OneSeal : public testing::TestWithParam<Drawn> {};

TEST_P(OneSeal, IsFoundOnPrintWithItsColourAndShape) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  page_of_print(sheet);
  round_seal(sheet, {500, 800}, GetParam().across, GetParam().down, GetParam().colour);
  const auto seals = seals_on(sheet);
  ASSERT_EQ(summary(seals), GetParam().found);
  expect_at(seals[0], {500, 800}, GetParam().across, GetParam().down);
}

INSTANTIATE_TEST_SUITE_P(Seals, OneSeal,
                         testing::Values(Drawn{"round_red", kRedInk, 80, 80, "red round;"},
                                         Drawn{"large_red", kRedInk, 115, 115, "red round;"},
                                         Drawn{"round_blue", kBlueInk, 76, 76, "blue round;"},
                                         Drawn{"round_black", kBlackInk, 84, 84, "black round;"},
                                         Drawn{"oval_red", kRedInk, 90, 62, "red oval;"},
                                         Drawn{"oval_blue", kBlueInk, 84, 60, "blue oval;"},
                                         Drawn{"faint_red", Ink{0.82, 0.8, 0.97}, 80, 80,
                                               "red round;"}),
                         [](const auto& seal) { return std::string(seal.param.name); });

TEST(Seals, ABlackOneIsFoundOnAGreyPage) {
  Pixels sheet = white_sheet(kWidth, kHeight);
  page_of_print(sheet);
  round_seal(sheet, {300, 500}, 84, 84, kBlackInk);
  const auto seals = seals_on(sheet);
  ASSERT_EQ(summary(seals), "black round;");
  expect_at(seals[0], {300, 500}, 84, 84);
}

TEST(Seals, PrintAloneHasNone) {
  Pixels sheet = white_sheet(kWidth, kHeight);
  page_of_print(sheet);
  EXPECT_EQ(summary(seals_on(sheet)), "");
}

TEST(Seals, TwoThatOverlapAreTwo) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  round_seal(sheet, {400, 600}, 80, 80, kRedInk);
  round_seal(sheet, {505, 630}, 80, 80, kRedInk);
  EXPECT_EQ(summary(seals_on(sheet)), "red round;red round;");
}

TEST(Seals, OneThatLeavesThePaperIsFoundWhole) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  round_seal(sheet, {20, 600}, 80, 80, kRedInk);
  const auto seals = seals_on(sheet);
  ASSERT_EQ(summary(seals), "red round;");
  expect_at(seals[0], {20, 600}, 80, 80);
}

TEST(Seals, AThirdOfTheFrameMayBeMissing) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  arc(sheet, {400, 600}, 80, 80, 4, kRedInk, 130, 370);
  ring_strokes(sheet, {400, 600}, 80, 80, 10, kRedInk);
  EXPECT_EQ(summary(seals_on(sheet)), "red round;");
}

TEST(Seals, ASquareStampIsFoundAsItLies) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  page_of_print(sheet);
  rectangle(sheet, {420, 640}, 100, 42, 6, 3, kBlueInk);
  print(sheet, 350, 620, 9, 14, kBlueInk);
  rectangle(sheet, {200, 300}, 26, 26, -4, 3, kRedInk);
  print(sheet, 184, 284, 2, 14, kRedInk);
  print(sheet, 184, 303, 2, 14, kRedInk);
  const auto seals = seals_on(sheet);
  ASSERT_EQ(seals.size(), 2u) << summary(seals);
  const bool blue_first = seals[0].colour == "blue";
  const SealOutline& wide = seals[blue_first ? 0 : 1];
  const SealOutline& small = seals[blue_first ? 1 : 0];
  EXPECT_EQ(wide.shape, "square");
  EXPECT_EQ(small.colour + small.shape, "redsquare");
  expect_at(wide, {420, 640}, 100, 42);
  EXPECT_NEAR(wide.angle_degrees, 6, 1);
  expect_at(small, {200, 300}, 26, 26);
}

TEST(Seals, ASealThatFillsThePictureIsFound) {
  Pixels sheet = colour_sheet(260, 260);
  round_seal(sheet, {130, 128}, 117, 117, kRedInk);
  EXPECT_EQ(summary(seals_on(sheet)), "red round;");
}

// A ring that was fitted to a few pixels shrank to nothing, and its angle never ended.
TEST(Seals, AFewColouredPixelsEndTheSearch) {
  for (const int size : {8, 24, 60, 200}) {
    Pixels sheet = colour_sheet(size, size);
    for (int i = 0; i < size; i += 5) bar(sheet, i, (i * 7) % size, 4, 3, kRedInk);
    for (const SealOutline& seal : seals_on(sheet)) EXPECT_GE(seal.down, 4) << size;
  }
}

// On a strip the smallest ring asked for is a pixel wide; what was inside one of no radius was
// counted for ever.
TEST(Seals, ARingHasARadiusHoweverSmallThePicture) {
  cv::RNG random(1);
  for (const int width : {4, 6, 8, 12}) {
    cv::Mat ink(300, width, CV_8UC1);
    random.fill(ink, cv::RNG::UNIFORM, 0, 256);
    for (const Ring& ring : find_rings(ink, {0.3 * width, 0.52 * width, 0.1, -1, 24})) {
      EXPECT_GE(ring.across, 4) << width;
      EXPECT_LE(ink_between(ink, ring, 0.1, 0.9), 1);
    }
  }
}

TEST(Seals, ARedHeadWithItsRuleIsNone) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  print(sheet, 100, 80, 11, 50, kRedInk);
  // 国 and 自 among its letters.
  rectangle(sheet, {190, 190}, 22, 26, 0, 5, kRedInk);
  bar(sheet, 175, 186, 30, 5, kRedInk);
  rectangle(sheet, {320, 190}, 26, 26, 0, 5, kRedInk);
  print(sheet, 308, 178, 1, 24, kRedInk);
  print(sheet, 226, 165, 1, 50, kRedInk);
  print(sheet, 360, 165, 5, 50, kRedInk);
  bar(sheet, 100, 260, 640, 6, kRedInk);
  EXPECT_EQ(summary(seals_on(sheet)), "");
}

TEST(Seals, RedRulesAreNone) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  for (int row = 0; row <= 12; ++row) bar(sheet, 80, 200 + 60 * row, 690, 3, kRedInk);
  for (int column = 0; column <= 6; ++column) bar(sheet, 80 + 115 * column, 200, 3, 720, kRedInk);
  print(sheet, 100, 215, 4, 20, kRedInk);
  EXPECT_EQ(summary(seals_on(sheet)), "");
}

TEST(Seals, ACircleAroundANumberIsNone) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  print(sheet, 380, 590, 3, 13, kBlackInk);
  arc(sheet, {400, 600}, 70, 52, 3, kRedInk);
  EXPECT_EQ(summary(seals_on(sheet)), "");
}

TEST(Seals, ARedPictureIsNone) {
  Pixels sheet = colour_sheet(kWidth, kHeight);
  bar(sheet, 600, 100, 100, 140, kRedInk);
  EXPECT_EQ(summary(seals_on(sheet)), "");
}

TEST(Seals, TheQuadOfACircleLiesLevelOnATurnedPage) {
  const SealOutline seal{{100, 50}, 20, 20, 0, "red", "round", 1};
  const Affine quarter{0, -1, 300, 1, 0, 0};
  const Quad quad = quad_of(moved(seal, quarter));
  EXPECT_EQ(quad.bounds(), (Box{230, 80, 270, 120}));
  EXPECT_NEAR(quad.corners[0].x, 230, 1e-9);
  EXPECT_NEAR(quad.corners[0].y, 80, 1e-9);
}

TEST(Seals, TheQuadOfARectangleBeginsAtItsUpperLeft) {
  const SealOutline seal{{100, 100}, 10, 40, 84, "red", "square", 1};
  const Quad quad = quad_of(seal);
  EXPECT_LT(quad.corners[0].x, 70);
  EXPECT_LT(quad.corners[0].y, 100);
  EXPECT_GT(quad.width(), quad.height());
}

// A seal on paper that is bare else was called blank when it was small or faint.
TEST(Seals, APageWithASealAloneIsNotBlank) {
  ScriptedEngine engine;
  PageImage image;
  image.pixels = colour_sheet(kWidth, kHeight);
  EXPECT_TRUE(clean_page(engine, image).blank);
  round_seal(image.pixels, {500, 800}, 60, 60, Ink{0.82, 0.8, 0.97});
  const CleanPage page = clean_page(engine, std::move(image));
  ASSERT_EQ(page.seals.size(), 1u);
  EXPECT_FALSE(page.blank);
  EXPECT_NEAR(page.seals[0].quad.centre().x, 500, 3);
}

}  // namespace
}  // namespace archive
