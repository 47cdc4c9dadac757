#include "ocr/page/regions.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "ocr/raster.h"

namespace archive {
namespace {

// A short patch has no direction of its own, and a long one of a level page is level.
constexpr double kAslantDegrees = 4;
constexpr double kAslantAspect = 4;

bool is_aslant(const PatchShape& shape) {
  const double from_level = std::abs(shape.angle_degrees);
  const double off = std::min(from_level, std::abs(90 - from_level));
  return shape.length > kAslantAspect * shape.thickness && off > kAslantDegrees;
}

// A region in the making: the core that was found, and how far it may be widened.
struct Growing {
  Box core;
  double left = 0, top = 0, right = 0, bottom = 0;

  Box grown() const {
    return {core.left - left, core.top - top, core.right + right, core.bottom + bottom};
  }
};

// Neighbours share the paper between them: neither reaches into the other's line.
void share_gap(Growing& a, Growing& b) {
  const auto share = [](double gap, double& one, double& other) {
    one = std::min(one, std::max(gap / 2, gap - other));
    other = std::min(other, gap - one);
  };
  if (a.core.bottom <= b.core.top) {
    share(b.core.top - a.core.bottom, a.bottom, b.top);
  } else if (b.core.bottom <= a.core.top) {
    share(a.core.top - b.core.bottom, b.bottom, a.top);
  } else if (a.core.right <= b.core.left) {
    share(b.core.left - a.core.right, a.right, b.left);
  } else if (b.core.right <= a.core.left) {
    share(a.core.left - b.core.right, b.right, a.left);
  }
}

void share_gaps(std::vector<Growing>& regions) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    for (std::size_t j = i + 1; j < regions.size(); ++j) {
      if (overlap(regions[i].grown(), regions[j].grown())) share_gap(regions[i], regions[j]);
    }
  }
}

}  // namespace

PatchShape shape_of(const TextPatch& patch) {
  std::vector<cv::Point2f> points;
  std::ranges::transform(patch.outline, std::back_inserter(points),
                         [](Point p) { return to_cv(p); });
  const cv::RotatedRect rect = cv::minAreaRect(points);
  PatchShape shape{from_cv(rect.center), rect.size.width + 2 * patch.margin,
                   rect.size.height + 2 * patch.margin, rect.angle};
  if (shape.length < shape.thickness) {
    std::swap(shape.length, shape.thickness);
    shape.angle_degrees += 90;
  }
  while (shape.angle_degrees > 90) shape.angle_degrees -= 180;
  while (shape.angle_degrees <= -90) shape.angle_degrees += 180;
  return shape;
}

Quad quad_along(const PatchShape& shape, int rotation) {
  // The direction along the longer side that is nearest to the rows of the turned page,
  // or, for a column, nearest to the columns.
  const double wanted = rotation;
  double angle = shape.angle_degrees;
  double length = shape.length;
  double thickness = shape.thickness;
  const auto off = [wanted](double a) { return std::abs(std::remainder(a - wanted, 360)); };
  const double candidates[] = {angle, angle + 90, angle + 180, angle + 270};
  const double* best = std::min_element(std::begin(candidates), std::end(candidates),
                                        [&](double p, double q) { return off(p) < off(q); });
  if ((best - candidates) % 2 == 1) std::swap(length, thickness);
  const double radians = *best * std::numbers::pi / 180;
  const Point along{std::cos(radians) * length / 2, std::sin(radians) * length / 2};
  const Point across{-std::sin(radians) * thickness / 2, std::cos(radians) * thickness / 2};
  const auto corner = [&](double i, double j) {
    return Point{shape.centre.x + i * along.x + j * across.x,
                 shape.centre.y + i * along.y + j * across.y};
  };
  return {{corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)}};
}

std::vector<TextRegion> regions_of(const std::vector<TextPatch>& patches,
                                   const std::vector<double>& contrasts,
                                   const Affine& to_delivered) {
  const Affine to_upright = to_delivered.inverse();
  std::vector<TextRegion> regions;
  std::vector<Growing> growing;
  for (std::size_t i = 0; i < patches.size(); ++i) {
    TextPatch upright = patches[i];
    for (Point& p : upright.outline) p = to_upright(p);
    const PatchShape shape = shape_of(upright);
    const double m = upright.margin;
    growing.push_back({around(upright.outline), m, m, m, m});
    regions.push_back(
        {is_aslant(shape) ? quad_along(shape, 0) : Quad{}, upright.score, contrasts[i]});
  }
  share_gaps(growing);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (regions[i].quad == Quad{}) regions[i].quad = Quad::of(growing[i].grown());
  }
  return regions;
}

}  // namespace archive
