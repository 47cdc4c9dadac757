#include "store/records/quad_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "core/error.h"

namespace archive {
namespace {

TEST(QuadText, IsShortAndReadable) {
  EXPECT_EQ(quad_text({{Point{1, 2}, Point{30.25, 2.04}, Point{-0.3, 40}, Point{0, 0}}}),
            "1,2 30.3,2 -0.3,40 0,0");
  EXPECT_EQ(quad_text(Quad{}), "");
  EXPECT_EQ(parse_quad(""), Quad{});
}

TEST(QuadText, ComesBackToATenthOfAPixel) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> pixel(-500, 12000);
  for (int n = 0; n < 2000; ++n) {
    Quad quad;
    for (Point& corner : quad.corners) corner = {pixel(random), pixel(random)};
    const Quad back = parse_quad(quad_text(quad));
    for (std::size_t i = 0; i < quad.corners.size(); ++i) {
      EXPECT_NEAR(back.corners[i].x, quad.corners[i].x, 0.0501);
      EXPECT_NEAR(back.corners[i].y, quad.corners[i].y, 0.0501);
    }
    EXPECT_EQ(quad_text(back), quad_text(quad));
  }
}

TEST(QuadText, BoundsWhatIsNoPlace) {
  Quad quad;
  quad.corners[0] = {std::numeric_limits<double>::infinity(), std::nan("")};
  quad.corners[1] = {1e300, -1e300};
  EXPECT_EQ(quad_text(quad), "0,0 1000000000,-1000000000 0,0 0,0");
}

class WrongQuadText : public testing::TestWithParam<const char*> {};

TEST_P(WrongQuadText, IsRefused) { EXPECT_THROW(parse_quad(GetParam()), ArchiveError); }

INSTANTIATE_TEST_SUITE_P(Examples, WrongQuadText,
                         testing::Values("1,2", "1,2 3,4 5,6", "1,2 3,4 5,6 7,8 ",
                                         "1,2 3,4 5,6 7,8 9,10", "a,2 3,4 5,6 7,8",
                                         "1;2 3,4 5,6 7,8", "1,2  3,4 5,6 7,8"));

}  // namespace
}  // namespace archive
