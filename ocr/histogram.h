#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>

namespace archive {

/// How many pixels of a grey picture have each level.
using Histogram = std::array<int, 256>;

/// Counts the pixels of a picture, or those where the mask is not 0.
inline Histogram histogram_of(const cv::Mat& picture, const cv::Mat& mask = {}) {
  // Neighbours are often equal, and a counter that was just written is slow to read again.
  std::array<Histogram, 4> counts{};
  for (int y = 0; y < picture.rows; ++y) {
    const std::uint8_t* row = picture.ptr(y);
    const std::uint8_t* use = mask.empty() ? nullptr : mask.ptr(y);
    for (int x = 0; x < picture.cols; ++x) {
      if (use == nullptr || use[x] != 0) ++counts[static_cast<std::size_t>(x % 4)][row[x]];
    }
  }
  for (std::size_t level = 0; level < counts[0].size(); ++level) {
    counts[0][level] += counts[1][level] + counts[2][level] + counts[3][level];
  }
  return counts[0];
}

/// The level of the pixel that has `before` others before it when they stand in order.
inline int level_after(const Histogram& counts, std::size_t before) {
  std::size_t seen = 0;
  for (std::size_t level = 0; level < counts.size(); ++level) {
    seen += static_cast<std::size_t>(counts[level]);
    if (seen > before) return static_cast<int>(level);
  }
  return 255;
}

}  // namespace archive
