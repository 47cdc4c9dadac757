#include "core/seal_place.h"

#include <algorithm>
#include <cmath>

namespace archive {

double way_out(const Quad& quad, const std::string& shape, Point place) {
  const auto& corners = quad.corners;
  const Point centre = quad.centre();
  const auto along = [&](Point side) {
    const double square = side.x * side.x + side.y * side.y;
    const double dot = (place.x - centre.x) * side.x + (place.y - centre.y) * side.y;
    return 2 * dot / std::max(1.0, square);
  };
  const double across = along({corners[1].x - corners[0].x, corners[1].y - corners[0].y});
  const double down = along({corners[3].x - corners[0].x, corners[3].y - corners[0].y});
  return shape == "square" ? std::max(std::abs(across), std::abs(down)) : std::hypot(across, down);
}

bool is_on_frame(const SealMark& seal, Point place) {
  constexpr double kNearest = 0.93, kFarthest = 1.07;
  const double out = way_out(seal.quad, seal.shape, place);
  return out > kNearest && out < kFarthest;
}

}  // namespace archive
