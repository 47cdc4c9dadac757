#include "ocr/page/upright.h"

#include <gtest/gtest.h>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

TEST(Upright, EveryCornerOfTheDeliveredImageIsKept) {
  for (const int rotation : {0, 90, 180, 270}) {
    for (const double skew : {-12.0, 0.0, 3.5}) {
      const UprightFrame frame = upright_frame(600, 900, rotation, skew);
      const Affine back = frame.to_delivered.inverse();
      for (const Point corner : {Point{0, 0}, Point{600, 0}, Point{600, 900}, Point{0, 900}}) {
        const Point place = back(corner);
        EXPECT_TRUE(place.x > -1.5 && place.x < frame.width + 1.5 && place.y > -1.5 &&
                    place.y < frame.height + 1.5)
            << rotation << ' ' << skew << ": " << place.x << ", " << place.y;
      }
    }
  }
}

TEST(Upright, AMarkIsFoundWhereTheFrameSaysItIs) {
  Pixels delivered = white_sheet(600, 900);
  fill(delivered, 500, 40, 40, 40);
  for (const int rotation : {0, 90, 180, 270}) {
    const UprightFrame frame = upright_frame(600, 900, rotation, 2.0);
    const Pixels upright = make_upright(delivered, frame);
    const Point at = frame.to_delivered.inverse()(Point{520, 60});
    EXPECT_LT(upright.row(static_cast<int>(at.y))[static_cast<int>(at.x)], 40) << rotation;
  }
}

TEST(Upright, WhatWasTurnedClockwiseIsTurnedBack) {
  Pixels delivered = white_sheet(600, 900);
  fill(delivered, 560, 0, 40, 40);  // the top right corner of an image turned by 90 degrees
  const Pixels upright = make_upright(delivered, upright_frame(600, 900, 90, 0));
  EXPECT_EQ(upright.width, 900);
  EXPECT_EQ(upright.height, 600);
  EXPECT_LT(upright.row(10)[10], 40);  // is the top left one of the paper
}

}  // namespace
}  // namespace archive
