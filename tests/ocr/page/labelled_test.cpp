#include "ocr/page/labelled.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <vector>

namespace archive {
namespace {

cv::Mat mask_of(const std::vector<std::string>& rows) {
  cv::Mat mask =
      cv::Mat::zeros(static_cast<int>(rows.size()), static_cast<int>(rows[0].size()), CV_8U);
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      if (rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == '#') {
        mask.at<std::uint8_t>(y, x) = 255;
      }
    }
  }
  return mask;
}

TEST(Labelled, PiecesHangTogetherOverCorners) {
  const Labelled pieces(mask_of({"#...##..", ".#..#..#", "..#....#"}));
  ASSERT_EQ(pieces.count(), 3);
  EXPECT_EQ(pieces[0].box, cv::Rect(0, 0, 3, 3));
  EXPECT_EQ(pieces[0].area, 3);
  EXPECT_EQ(pieces.at({4, 1}), pieces.at({5, 0}));
  EXPECT_NE(pieces.at({4, 1}), pieces.at({7, 1}));
  EXPECT_EQ(pieces.at({3, 1}), -1);
}

TEST(Labelled, AForkIsOnePiece) {
  EXPECT_EQ(Labelled(mask_of({"#.#.#", "#.#.#", "#####"})).count(), 1);
  EXPECT_EQ(Labelled(mask_of({"#####", "#.#.#", "#...#"})).count(), 1);
}

TEST(Labelled, NothingHasNoPieces) {
  const Labelled pieces(cv::Mat::zeros(5, 40, CV_8U));
  EXPECT_EQ(pieces.count(), 0);
  EXPECT_TRUE(pieces.row(3).empty());
}

TEST(Labelled, WhatReachesTheRimIsCut) {
  const Labelled pieces(mask_of({"........", ".##...##", "........"}));
  ASSERT_EQ(pieces.count(), 2);
  EXPECT_FALSE(pieces.is_cut(0));
  EXPECT_TRUE(pieces.is_cut(1));
}

TEST(Labelled, AGroupBridgesGapsAndNoMore) {
  const Labelled pieces(
      mask_of({"#...#....#", "..........", "..........", "..........", "#........."}));
  ASSERT_EQ(pieces.count(), 4);
  EXPECT_EQ(pieces.groups(3).count(), 4);  // four apart
  EXPECT_EQ(pieces.groups(5).count(), 1);
}

// The pieces at the ink of a mask are those that OpenCV finds, pixel by pixel, in another.
void expect_same(const Labelled& pieces, const cv::Mat& mask, const cv::Mat& labelled,
                 bool in_order) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(labelled, labels, stats, centres, 8) - 1;
  ASSERT_EQ(pieces.count(), count);
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      if (mask.at<std::uint8_t>(y, x) == 0) continue;
      const int label = labels.at<int>(y, x);
      const int* row = stats.ptr<int>(label);
      const int piece = pieces.at({x, y});
      if (in_order) {
        ASSERT_EQ(piece, label - 1);
        ASSERT_EQ(pieces[piece].area, row[cv::CC_STAT_AREA]);
      }
      ASSERT_EQ(pieces[piece].box, cv::Rect(row[cv::CC_STAT_LEFT], row[cv::CC_STAT_TOP],
                                            row[cv::CC_STAT_WIDTH], row[cv::CC_STAT_HEIGHT]));
    }
  }
}

class LabelledDots : public testing::TestWithParam<double> {};

TEST_P(LabelledDots, AreWhatOpenCvFinds) {
  std::mt19937 random(7);
  std::bernoulli_distribution ink(GetParam());
  for (int round = 0; round < 20; ++round) {
    cv::Mat mask = cv::Mat::zeros(37, 53, CV_8U);
    for (int y = 0; y < mask.rows; ++y) {
      for (int x = 0; x < mask.cols; ++x) mask.at<std::uint8_t>(y, x) = ink(random) ? 255 : 0;
    }
    expect_same(Labelled(mask), mask, mask, true);
    for (const int gap : {5, 9}) {
      cv::Mat near;
      cv::dilate(mask, near, cv::Mat::ones(gap, gap, CV_8U));
      expect_same(Labelled(mask).groups(gap), mask, near, false);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shares, LabelledDots, testing::Values(0.02, 0.1, 0.3, 0.6, 0.95));

}  // namespace
}  // namespace archive
