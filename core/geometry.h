#pragma once

#include <array>
#include <span>

namespace archive {

/// A place on an image: pixels, origin at the top left corner, x right, y down.
struct Point {
  double x = 0;
  double y = 0;

  friend bool operator==(const Point&, const Point&) = default;
};

/// An upright box, in pixels.
struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  double width() const { return right - left; }
  double height() const { return bottom - top; }
  bool contains(Point p) const {
    return p.x >= left && p.x <= right && p.y >= top && p.y <= bottom;
  }
  friend bool operator==(const Box&, const Box&) = default;
};

/// Whether two boxes have an area in common.
bool overlap(const Box& a, const Box& b);
/// The smallest box around both.
Box joined(const Box& a, const Box& b);
/// The smallest box around points. REQUIRES: there is one.
Box around(std::span<const Point> points);

/// Four corners of a piece of text in reading direction: top left, top right,
/// bottom right, bottom left *of the text*. On a page scanned upside down the
/// first corner lies at the lower right of the image.
struct Quad {
  std::array<Point, 4> corners{};

  static Quad of(const Box& box);
  Box bounds() const;
  Point centre() const;
  double width() const;   ///< mean length of the top and bottom edge
  double height() const;  ///< mean length of the left and right edge

  /// The part of this quad between two fractions (0..1) of its width.
  Quad slice(double from, double to) const;

  friend bool operator==(const Quad&, const Quad&) = default;
};

/// An affine map of pixels: (x, y) -> (a x + b y + c, d x + e y + f).
struct Affine {
  double a = 1, b = 0, c = 0;
  double d = 0, e = 1, f = 0;

  Point operator()(Point p) const { return {a * p.x + b * p.y + c, d * p.x + e * p.y + f}; }
  Quad operator()(const Quad& quad) const;

  /// First `inner`, then this.
  Affine after(const Affine& inner) const;
  /// REQUIRES: the map is not singular.
  Affine inverse() const;

  friend bool operator==(const Affine&, const Affine&) = default;
};

}  // namespace archive
