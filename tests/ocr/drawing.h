#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// A white grey sheet to draw on.
inline Pixels white_sheet(int width, int height) {
  Pixels sheet{width, height, 1, {}};
  sheet.bytes.assign(sheet.stride() * static_cast<std::size_t>(height), 255);
  return sheet;
}

inline void fill(Pixels& sheet, int left, int top, int width, int height, std::uint8_t level = 0) {
  for (int y = std::max(0, top); y < std::min(sheet.height, top + height); ++y) {
    for (int x = std::max(0, left); x < std::min(sheet.width, left + width); ++x) {
      sheet.row(y)[x] = level;
    }
  }
}

/// A square that is drawn by its sides alone.
inline void frame(Pixels& sheet, int left, int top, int side, int thickness,
                  std::uint8_t level = 0) {
  fill(sheet, left, top, side, thickness, level);
  fill(sheet, left, top + side - thickness, side, thickness, level);
  fill(sheet, left, top, thickness, side, level);
  fill(sheet, left + side - thickness, top, thickness, side, level);
}

/// A stroke from one place to another.
inline void stroke(Pixels& sheet, Point from, Point to, int thickness) {
  const double length = std::max(1.0, std::hypot(to.x - from.x, to.y - from.y));
  for (double at = 0; at <= length; at += 0.5) {
    const double share = at / length;
    fill(sheet, static_cast<int>(std::lround(from.x + share * (to.x - from.x))) - thickness / 2,
         static_cast<int>(std::lround(from.y + share * (to.y - from.y))) - thickness / 2, thickness,
         thickness);
  }
}

inline void disc(Pixels& sheet, int x, int y, int radius) {
  for (int dy = -radius; dy <= radius; ++dy) {
    const int half = static_cast<int>(std::sqrt(radius * radius - dy * dy));
    fill(sheet, x - half, y + dy, 2 * half + 1, 1);
  }
}

}  // namespace archive
