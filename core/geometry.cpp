#include "core/geometry.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace archive {
namespace {

double distance(Point p, Point q) { return std::hypot(p.x - q.x, p.y - q.y); }

Point between(Point p, Point q, double t) { return {p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t}; }

}  // namespace

bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

Box joined(const Box& a, const Box& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

Box around(std::span<const Point> points) {
  assert(!points.empty());
  Box box{points.front().x, points.front().y, points.front().x, points.front().y};
  for (const Point& p : points) {
    box.left = std::min(box.left, p.x);
    box.top = std::min(box.top, p.y);
    box.right = std::max(box.right, p.x);
    box.bottom = std::max(box.bottom, p.y);
  }
  return box;
}

Quad Quad::of(const Box& box) {
  return {{{{box.left, box.top},
            {box.right, box.top},
            {box.right, box.bottom},
            {box.left, box.bottom}}}};
}

Box Quad::bounds() const { return around(corners); }

Point Quad::centre() const {
  Point sum;
  for (const Point& p : corners) {
    sum.x += p.x / 4;
    sum.y += p.y / 4;
  }
  return sum;
}

double Quad::width() const {
  return (distance(corners[0], corners[1]) + distance(corners[3], corners[2])) / 2;
}

double Quad::height() const {
  return (distance(corners[0], corners[3]) + distance(corners[1], corners[2])) / 2;
}

Quad Quad::slice(double from, double to) const {
  return {{between(corners[0], corners[1], from), between(corners[0], corners[1], to),
           between(corners[3], corners[2], to), between(corners[3], corners[2], from)}};
}

Quad Affine::operator()(const Quad& quad) const {
  Quad moved;
  std::ranges::transform(quad.corners, moved.corners.begin(),
                         [this](Point p) { return (*this)(p); });
  return moved;
}

Affine Affine::after(const Affine& inner) const {
  return {a * inner.a + b * inner.d, a * inner.b + b * inner.e, a * inner.c + b * inner.f + c,
          d * inner.a + e * inner.d, d * inner.b + e * inner.e, d * inner.c + e * inner.f + f};
}

Affine Affine::inverse() const {
  const double determinant = a * e - b * d;
  assert(determinant != 0);
  const double ia = e / determinant;
  const double ib = -b / determinant;
  const double id = -d / determinant;
  const double ie = a / determinant;
  return {ia, ib, -(ia * c + ib * f), id, ie, -(id * c + ie * f)};
}

}  // namespace archive
