#include "core/text_place.h"

#include <algorithm>
#include <cassert>

namespace archive {
namespace {

// The quad with its first edge along the way the characters run, and back again.
Quad turned_over(const Quad& quad) {
  const auto& [a, b, c, d] = quad.corners;
  return {{a, d, c, b}};
}

}  // namespace

Quad place_of(const TextLine& line, std::size_t index) {
  assert(index < line.chars.size());
  const bool downwards = line.vertical && line.quad.height() > line.quad.width();
  const Quad along = downwards ? turned_over(line.quad) : line.quad;
  const double length = std::max(1.0, along.width());
  const auto at = [&](std::size_t i) { return line.chars[i].position; };

  double half = 0.5 * std::min(1.0, along.height() / length);
  if (index > 0) half = std::min(half, std::max(0.0, at(index) - at(index - 1)) / 2);
  if (index + 1 < line.chars.size()) {
    half = std::min(half, std::max(0.0, at(index + 1) - at(index)) / 2);
  }
  const double from = std::clamp(at(index) - half, 0.0, 1.0);
  const double to = std::clamp(at(index) + half, from, 1.0);
  const Quad place = along.slice(from, to);
  return downwards ? turned_over(place) : place;
}

}  // namespace archive
