#include "ocr/form/seal_frame.h"

#include <algorithm>
#include <cmath>

namespace archive::form {
namespace {

constexpr double kNearest = 0.93, kFarthest = 1.07;  // of the way from the middle to the frame

/// 0 in the middle of a seal and 1 on its frame.
double way_out(const SealMark& seal, Point place) {
  const auto& corners = seal.quad.corners;
  const Point centre = seal.quad.centre();
  const auto along = [&](Point side) {
    const double square = side.x * side.x + side.y * side.y;
    const double dot = (place.x - centre.x) * side.x + (place.y - centre.y) * side.y;
    return 2 * dot / std::max(1.0, square);
  };
  const double across = along({corners[1].x - corners[0].x, corners[1].y - corners[0].y});
  const double down = along({corners[3].x - corners[0].x, corners[3].y - corners[0].y});
  return seal.shape == "square" ? std::max(std::abs(across), std::abs(down))
                                : std::hypot(across, down);
}

}  // namespace

bool is_on_frame(const SealMark& seal, Point place) {
  const double out = way_out(seal, place);
  return out > kNearest && out < kFarthest;
}

}  // namespace archive::form
