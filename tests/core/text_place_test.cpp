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

TEST(TextPlace, ACharacterIsAsWideAsItsLineIsHigh) {
  const TextLine line = line_with({100, 10, 300, 30}, {0.25, 0.75});
  EXPECT_EQ(place_of(line, 0).bounds(), (Box{140, 10, 160, 30}));
  EXPECT_EQ(place_of(line, 1).bounds(), (Box{240, 10, 260, 30}));
}

TEST(TextPlace, CloseNeighboursShareThePaperBetweenThem) {
  const TextLine line = line_with({0, 0, 100, 20}, {0.40, 0.50, 0.90});
  EXPECT_EQ(place_of(line, 0).bounds(), (Box{35, 0, 45, 20}));
  EXPECT_EQ(place_of(line, 1).bounds(), (Box{45, 0, 55, 20}));
}

TEST(TextPlace, StaysWithinTheLine) {
  const TextLine line = line_with({0, 0, 100, 20}, {0.02, 0.98});
  EXPECT_EQ(place_of(line, 0).bounds(), (Box{0, 0, 12, 20}));
  EXPECT_EQ(place_of(line, 1).bounds(), (Box{88, 0, 100, 20}));
}

TEST(TextPlace, OfAVerticalLineRunsDownwards) {
  TextLine line = line_with({50, 0, 70, 200}, {0.1, 0.6});
  line.vertical = true;
  EXPECT_EQ(place_of(line, 0).bounds(), (Box{50, 10, 70, 30}));
  EXPECT_EQ(place_of(line, 1).bounds(), (Box{50, 110, 70, 130}));
  EXPECT_EQ(place_of(line, 0).corners[0], (Point{50, 10}));
}

}  // namespace
}  // namespace archive
