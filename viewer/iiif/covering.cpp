#include "viewer/iiif/covering.h"

#include <algorithm>
#include <cmath>

namespace archive {
namespace {

/// The pixels of a level that lie wholly in a box, from `first` up to before `end`.
struct Range {
  int first = 0, end = 0;
};

Range inside(double from, double to, int factor, int whole, int length) {
  const auto first = static_cast<int>(std::ceil(std::max(0.0, from) / factor));
  // The last pixel of a level stands for less than the others when the side is odd.
  const int end = to >= whole ? length : static_cast<int>(std::floor(to / factor));
  return {std::min(first, length), std::clamp(end, 0, length)};
}

}  // namespace

PicturePyramid covered(const PicturePyramid& picture, const std::vector<Box>& permitted) {
  PicturePyramid made;
  const Pixels& whole = picture.levels.front();
  int factor = 1;
  for (const Pixels& level : picture.levels) {
    Pixels out{level.width, level.height, level.channels, {}};
    out.bytes.assign(level.bytes.size(), static_cast<std::uint8_t>(kCoverGrey));
    for (const Box& box : permitted) {
      const Range x = inside(box.left, box.right, factor, whole.width, level.width);
      const Range y = inside(box.top, box.bottom, factor, whole.height, level.height);
      if (x.first >= x.end) continue;
      for (int row = y.first; row < y.end; ++row) {
        const std::uint8_t* from = level.row(row);
        std::copy(from + x.first * level.channels, from + x.end * level.channels,
                  out.row(row) + x.first * level.channels);
      }
    }
    made.levels.push_back(std::move(out));
    factor *= 2;
  }
  return made;
}

}  // namespace archive
