#include "ocr/page/skew.h"

#include <gtest/gtest.h>

#include <numbers>

#include "tests/ocr/drawing.h"
#include "tests/ocr/scripted_engine.h"

namespace archive {
namespace {

/// Lines of marks that fall to the right by an angle, and the patches around them.
struct SlantedPage {
  Pixels sheet = white_sheet(1654, 2339);
  std::vector<TextPatch> patches;

  explicit SlantedPage(double degrees) {
    const double slope = std::tan(degrees * std::numbers::pi / 180);
    for (int line = 0; line < 30; ++line) {
      const double top = 300 + 50.0 * line;
      for (int x = 200; x < 1450; x += 30) {
        const int y = static_cast<int>(std::lround(top + slope * (x - 827)));
        fill(sheet, x, y, 20, 24);
      }
      const double left = top + slope * (200 - 827), right = top + slope * (1450 - 827);
      patches.push_back({{{200, left}, {1450, right}, {1450, right + 24}, {200, left + 24}}, 0, 1});
    }
  }
};

class Skew : public testing::TestWithParam<double> {};

TEST_P(Skew, IsMeasuredToATwentiethOfADegree) {
  const SlantedPage page(GetParam());
  EXPECT_NEAR(measure_skew(page.sheet, page.patches, 0, std::round(GetParam())), GetParam(), 0.05);
}

INSTANTIATE_TEST_SUITE_P(Angles, Skew, testing::Values(-7.0, -2.3, -0.4, 0.0, 0.15, 1.0, 3.6, 9.0));

TEST(SkewOfABarePage, IsNone) { EXPECT_EQ(measure_skew(white_sheet(800, 1100), {}, 0, 0), 0); }

}  // namespace
}  // namespace archive
