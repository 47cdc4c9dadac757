#include "ocr/page/contrast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace archive {
namespace {

using Histogram = std::array<int, 256>;

// Every second pixel each way is enough to know how dark the ink is.
Histogram histogram_of(const Pixels& grey, const Box& box) {
  const auto inside = [](double value, int limit) {
    return std::clamp(static_cast<int>(std::lround(value)), 0, limit);
  };
  Histogram histogram{};
  for (int y = inside(box.top, grey.height); y < inside(box.bottom, grey.height); y += 2) {
    const std::uint8_t* row = grey.row(y);
    for (int x = inside(box.left, grey.width); x < inside(box.right, grey.width); x += 2) {
      ++histogram[row[x]];
    }
  }
  return histogram;
}

int level_at(const Histogram& histogram, double share) {
  int total = 0;
  for (int count : histogram) total += count;
  double left = share * total;
  for (int level = 0; level < 256; ++level) {
    left -= histogram[static_cast<std::size_t>(level)];
    if (left < 0) return level;
  }
  return 255;
}

}  // namespace

double contrast_of(const Pixels& grey, const TextPatch& patch) {
  if (patch.outline.empty()) return 0;
  const Histogram histogram = histogram_of(grey, around(patch.outline));
  return level_at(histogram, 0.95) - level_at(histogram, 0.05);
}

}  // namespace archive
