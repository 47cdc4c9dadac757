#include "ocr/text/drawn_part.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

constexpr int kStep = 32;
const cv::Rect kWhole(0, 0, 960, 1280);

cv::Mat sheet(int level) { return {kWhole.size(), CV_8U, cv::Scalar(level)}; }

TEST(DrawnPart, OfBarePaperIsEmpty) {
  EXPECT_TRUE(drawn_part(sheet(255), kStep).empty());
  EXPECT_TRUE(drawn_part(sheet(200), kStep).empty());
}

TEST(DrawnPart, HoldsWhatIsDrawnWithPaperAround) {
  cv::Mat page = sheet(250);
  const cv::Rect word(300, 400, 120, 20);
  page(word).setTo(200);
  const cv::Rect part = drawn_part(page, kStep);
  EXPECT_EQ(part & word, word);
  EXPECT_LE(part.x, word.x - 40);
  EXPECT_GE(part.br().y, word.br().y + 40);
  EXPECT_EQ(part.width % kStep, 0);
  EXPECT_EQ(part.height % kStep, 0);
  EXPECT_LT(part.area(), kWhole.area() / 10);
}

TEST(DrawnPart, StaysOnThePicture) {
  cv::Mat page = sheet(255);
  page(cv::Rect(0, 0, 20, 20)).setTo(0);
  EXPECT_EQ(drawn_part(page, kStep).tl(), cv::Point(0, 0));
  page = sheet(255);
  page(cv::Rect(940, 1260, 20, 20)).setTo(0);
  EXPECT_EQ(drawn_part(page, kStep).br(), kWhole.br());
}

TEST(DrawnPart, OfAWrittenPageIsTheWholeOne) {
  cv::Mat page = sheet(255);
  page(cv::Rect(100, 100, 700, 30)).setTo(0);
  page(cv::Rect(100, 1100, 700, 30)).setTo(0);
  EXPECT_EQ(drawn_part(page, kStep), kWhole);
}

// Most of the picture may be the dark bed of the scanner, or the black of a photostat:
// nothing on it is darker, and all of its text would have been passed over.
TEST(DrawnPart, WritingMayBeTheLighterOne) {
  cv::Mat page = sheet(10);
  const cv::Rect small_sheet(500, 200, 200, 150);
  page(small_sheet).setTo(240);
  const cv::Rect part = drawn_part(page, kStep);
  EXPECT_EQ(part & small_sheet, small_sheet);
}

}  // namespace
}  // namespace archive
