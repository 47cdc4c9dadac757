#include "core/geometry.h"

#include <gtest/gtest.h>

#include <vector>

namespace archive {
namespace {

TEST(Box, BoxesThatOnlyTouchDoNotOverlap) {
  const Box box{10, 10, 20, 20};
  EXPECT_TRUE(overlap(box, {19, 19, 30, 30}));
  EXPECT_TRUE(overlap(box, {12, 0, 14, 30}));
  EXPECT_FALSE(overlap(box, {20, 10, 30, 20}));
  EXPECT_FALSE(overlap(box, {12, 21, 14, 30}));
}

TEST(Box, AroundBoxesAndPoints) {
  EXPECT_EQ(joined({10, 10, 20, 20}, {15, 0, 40, 12}), (Box{10, 0, 40, 20}));
  const std::vector<Point> points = {{3, 8}, {-1, 2}, {5, 4}};
  EXPECT_EQ(around(points), (Box{-1, 2, 5, 8}));
}

TEST(Affine, InverseUndoesTheMap) {
  const Affine turn{0.6, -0.8, 12, 0.8, 0.6, -7};
  const Point there = turn(Point{31, 17});
  const Point back = turn.inverse()(there);
  EXPECT_NEAR(back.x, 31, 1e-9);
  EXPECT_NEAR(back.y, 17, 1e-9);
}

TEST(Affine, AfterAppliesTheInnerMapFirst) {
  const Affine shift{1, 0, 10, 0, 1, 0};
  const Affine twice{2, 0, 0, 0, 2, 0};
  EXPECT_EQ(twice.after(shift)(Point{1, 1}), (Point{22, 2}));
  EXPECT_EQ(shift.after(twice)(Point{1, 1}), (Point{12, 2}));
}

TEST(Quad, SliceFollowsTheReadingDirection) {
  // A line on a page scanned upside down: the text begins at the right.
  const Quad line{{{{100, 20}, {0, 20}, {0, 0}, {100, 0}}}};
  const Quad head = line.slice(0, 0.25);
  EXPECT_EQ(head.corners[0], (Point{100, 20}));
  EXPECT_EQ(head.corners[1], (Point{75, 20}));
  EXPECT_DOUBLE_EQ(head.width(), 25);
  EXPECT_DOUBLE_EQ(head.height(), 20);
}

}  // namespace
}  // namespace archive
