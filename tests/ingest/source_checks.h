#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>

#include "ingest/sources/source_reader.h"
#include "tests/ingest/picture_files.h"

namespace archive {

inline DecodeLimits usual_limits() { return {1'000'000, 100, 300}; }

/// What a reader made of a file must be the known picture, whatever the container.
using Expected = std::function<Colour(int x, int y)>;

inline Colour over_paper(Colour colour, std::uint8_t alpha) {
  const auto mixed = [alpha](std::uint8_t value) {
    return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
  };
  return {mixed(colour.red), mixed(colour.green), mixed(colour.blue)};
}
inline Colour as_grey(std::uint8_t level) { return {level, level, level}; }

/// The greatest difference of a sample, or -1 when the sizes differ.
inline int difference(const Pixels& pixels, const Expected& expected) {
  if (pixels.width != kWidth || pixels.height != kHeight) return -1;
  int worst = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const std::uint8_t* pixel = pixels.row(y) + x * pixels.channels;
      const Colour colour = expected(x, y);
      const std::uint8_t bgr[3] = {colour.blue, colour.green, colour.red};
      for (int c = 0; c < pixels.channels; ++c) {
        worst = std::max(worst, std::abs(pixel[c] - bgr[c]));
      }
    }
  }
  return worst;
}

inline void expect_picture(const DecodedPage& page, const Expected& expected, int tolerance) {
  ASSERT_TRUE(page) << name_of(page.error().reason) << ": " << page.error().detail;
  const int worst = difference(page->pixels, expected);
  EXPECT_GE(worst, 0) << page->pixels.width << " x " << page->pixels.height;
  EXPECT_LE(worst, tolerance);
  EXPECT_TRUE(page->warnings.empty()) << page->warnings.front();
}

inline bool is_partial(const PageImage& page) {
  return std::ranges::any_of(page.warnings,
                             [](const std::string& w) { return w.starts_with("partial:"); });
}

}  // namespace archive
