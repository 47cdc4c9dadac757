#include "core/text_place.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

TextLine line_with(Box box, std::initializer_list<double> positions) {
  TextLine line;
  line.quad = Quad::of(box);
  for (double position : positions) line.chars.push_back({"页", position, 1});
  return line;
}

void expect_at(const Quad& quad, const Box& box) {
  const Box bounds = quad.bounds();
  EXPECT_NEAR(bounds.left, box.left, 1e-9);
  EXPECT_NEAR(bounds.top, box.top, 1e-9);
  EXPECT_NEAR(bounds.right, box.right, 1e-9);
  EXPECT_NEAR(bounds.bottom, box.bottom, 1e-9);
}

TEST(TextPlace, ACharacterIsAsWideAsItsLineIsHigh) {
  const TextLine line = line_with({100, 10, 300, 30}, {0.25, 0.75});
  expect_at(place_of(line, 0), {140, 10, 160, 30});
  expect_at(place_of(line, 1), {240, 10, 260, 30});
}

TEST(TextPlace, CloseNeighboursShareThePaperBetweenThem) {
  const TextLine line = line_with({0, 0, 100, 20}, {0.40, 0.50, 0.90});
  expect_at(place_of(line, 0), {35, 0, 45, 20});
  expect_at(place_of(line, 1), {45, 0, 55, 20});
}

TEST(TextPlace, StaysWithinTheLine) {
  const TextLine line = line_with({0, 0, 100, 20}, {0.02, 0.98});
  expect_at(place_of(line, 0), {0, 0, 12, 20});
  expect_at(place_of(line, 1), {88, 0, 100, 20});
}

TEST(TextPlace, OfAVerticalLineRunsDownwards) {
  TextLine line = line_with({50, 0, 70, 200}, {0.1, 0.6});
  line.vertical = true;
  expect_at(place_of(line, 0), {50, 10, 70, 30});
  expect_at(place_of(line, 1), {50, 110, 70, 130});
  expect_at(place_of(line, 0), {50, 10, 70, 30});
  EXPECT_EQ(place_of(line, 0).corners[0].x, 50);
}

}  // namespace
}  // namespace archive
