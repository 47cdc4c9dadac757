#include "ocr/text/ragged.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace archive {
namespace {

using Contour = std::vector<cv::Point>;

Contour outline_of(const cv::Mat& mask) {
  std::vector<Contour> contours;
  cv::findContours(mask.clone(), contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  EXPECT_EQ(contours.size(), 1u);
  return contours.front();
}

cv::Mat line() {
  cv::Mat mask = cv::Mat::zeros(300, 500, CV_8U);
  mask(cv::Rect(40, 100, 400, 16)).setTo(255);
  return mask;
}

TEST(Ragged, ALineOfOneThicknessStaysWhole) {
  const Contour outline = outline_of(line());
  EXPECT_EQ(part_ragged(outline), std::vector<Contour>{outline});
}

TEST(Ragged, WhatHasGrownOnALineIsTakenOff) {
  cv::Mat mask = line();
  mask(cv::Rect(300, 40, 60, 150)).setTo(255);  // a stamp across it
  const std::vector<Contour> pieces = part_ragged(outline_of(mask));
  ASSERT_GE(pieces.size(), 2u);
  const cv::Rect first = cv::boundingRect(pieces.front());
  EXPECT_NEAR(first.width, 400, 4);
  EXPECT_NEAR(first.height, 16, 4);
}

TEST(Ragged, AColumnIsPartedLikeALine) {
  cv::Mat mask = line();
  mask(cv::Rect(300, 40, 60, 150)).setTo(255);
  cv::transpose(mask, mask);
  const std::vector<Contour> pieces = part_ragged(outline_of(mask));
  ASSERT_GE(pieces.size(), 2u);
  EXPECT_NEAR(cv::boundingRect(pieces.front()).height, 400, 4);
}

}  // namespace
}  // namespace archive
