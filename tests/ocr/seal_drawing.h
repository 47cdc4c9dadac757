#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// Ink as a factor for blue, green and red, 0..1: it multiplies what is under it, so print
/// stays under a seal.
struct Ink {
  double blue, green, red;
};
inline constexpr Ink kRedInk{0.2, 0.15, 0.85};
inline constexpr Ink kBlueInk{0.7, 0.25, 0.15};
inline constexpr Ink kBlackInk{0.1, 0.1, 0.1};

inline Pixels colour_sheet(int width, int height) {
  Pixels sheet{width, height, 3, {}};
  sheet.bytes.assign(sheet.stride() * static_cast<std::size_t>(height), 250);
  return sheet;
}

inline void ink(Pixels& sheet, int x, int y, const Ink& colour) {
  if (x < 0 || y < 0 || x >= sheet.width || y >= sheet.height) return;
  std::uint8_t* pixel = sheet.row(y) + x * sheet.channels;
  const double factors[] = {colour.blue, colour.green, colour.red};
  for (int c = 0; c < sheet.channels; ++c) {
    pixel[c] = static_cast<std::uint8_t>(std::min<double>(pixel[c], 250 * factors[c]));
  }
}

inline void bar(Pixels& sheet, int left, int top, int width, int height, const Ink& colour) {
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) ink(sheet, x, y, colour);
  }
}

/// An ellipse drawn by its outline, from one direction to another (degrees, clockwise).
inline void arc(Pixels& sheet, Point centre, double across, double down, double thickness,
                const Ink& colour, double from = 0, double to = 360) {
  for (double d = from; d < to; d += 0.1) {
    const double angle = d * std::numbers::pi / 180;
    for (double off = -thickness / 2; off <= thickness / 2; off += 0.5) {
      ink(sheet, static_cast<int>(std::lround(centre.x + (across + off) * std::cos(angle))),
          static_cast<int>(std::lround(centre.y + (down + off) * std::sin(angle))), colour);
    }
  }
}

/// Strokes where characters would stand on a ring: `count` of them over the upper part.
inline void ring_strokes(Pixels& sheet, Point centre, double across, double down, int count,
                         const Ink& colour) {
  for (int i = 0; i < count; ++i) {
    const double angle = (150 + 240.0 * i / (count - 1)) * std::numbers::pi / 180;
    for (double share = 0.66; share < 0.86; share += 0.01) {
      for (double side = -0.06; side <= 0.06; side += 0.005) {
        if (std::abs(side) < 0.03 && share > 0.7 && share < 0.82) continue;
        ink(sheet,
            static_cast<int>(std::lround(centre.x + share * across * std::cos(angle + side))),
            static_cast<int>(std::lround(centre.y + share * down * std::sin(angle + side))),
            colour);
      }
    }
  }
}

/// A seal with a ring, strokes along it and a spot in the middle.
inline void round_seal(Pixels& sheet, Point centre, double across, double down, const Ink& colour) {
  arc(sheet, centre, across, down, 4, colour);
  ring_strokes(sheet, centre, across, down, 12, colour);
  for (int r = 0; r < static_cast<int>(across / 5); ++r) {
    arc(sheet, centre, r, r, 1, colour);
  }
}

/// A rectangle turned by degrees, drawn by its sides.
inline void rectangle(Pixels& sheet, Point centre, double across, double down, double degrees,
                      double thickness, const Ink& colour) {
  const double cosine = std::cos(degrees * std::numbers::pi / 180);
  const double sine = std::sin(degrees * std::numbers::pi / 180);
  for (double y = -down; y <= down; y += 0.5) {
    for (double x = -across; x <= across; x += 0.5) {
      if (std::abs(x) < across - thickness && std::abs(y) < down - thickness) continue;
      ink(sheet, static_cast<int>(std::lround(centre.x + x * cosine - y * sine)),
          static_cast<int>(std::lround(centre.y + x * sine + y * cosine)), colour);
    }
  }
}

/// A row of strokes as print: `count` marks of `size` pixels.
inline void print(Pixels& sheet, int left, int top, int count, int size, const Ink& colour) {
  for (int i = 0; i < count; ++i) {
    const int x = left + i * size * 6 / 5;
    bar(sheet, x, top, size, std::max(1, size / 6), colour);
    bar(sheet, x + size / 2, top, std::max(1, size / 6), size, colour);
    bar(sheet, x, top + size - size / 6, size, std::max(1, size / 6), colour);
  }
}

}  // namespace archive
