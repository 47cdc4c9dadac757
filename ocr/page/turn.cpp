#include "ocr/page/turn.h"

#include <algorithm>
#include <cmath>

#include "core/geometry.h"
#include "ocr/page/regions.h"

namespace archive {
namespace {

constexpr double kElongated = 1.5;  // shorter patches have no direction to tell
constexpr std::size_t kVoters = 12;

struct Axis {
  bool sideways = false;
  double slant_degrees = 0;
  double certainty = 0;
};

double weighted_median(std::vector<std::pair<double, double>> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  double half = 0;
  for (const auto& [value, weight] : values) half += weight / 2;
  for (const auto& [value, weight] : values) {
    half -= weight;
    if (half <= 0) return value;
  }
  return values.back().first;
}

Axis axis_of(const std::vector<PatchShape>& shapes) {
  double level = 0;
  double upright = 0;
  for (const PatchShape& shape : shapes) {
    if (shape.length < kElongated * shape.thickness) continue;
    (std::abs(shape.angle_degrees) < 45 ? level : upright) += shape.length;
  }
  Axis axis;
  axis.sideways = upright > level;
  axis.certainty = level + upright > 0 ? std::abs(upright - level) / (level + upright) : 0;
  std::vector<std::pair<double, double>> slants;
  for (const PatchShape& shape : shapes) {
    if (shape.length < kElongated * shape.thickness) continue;
    if ((std::abs(shape.angle_degrees) >= 45) != axis.sideways) continue;
    const double slant = std::remainder(shape.angle_degrees - (axis.sideways ? 90 : 0), 180);
    slants.emplace_back(slant, shape.length * shape.length / shape.thickness);
  }
  axis.slant_degrees = weighted_median(slants);
  return axis;
}

}  // namespace

Turn find_turn(ReadingEngine& engine, const Pixels& grey, const std::vector<TextPatch>& patches) {
  std::vector<PatchShape> shapes;
  std::ranges::transform(patches, std::back_inserter(shapes), shape_of);
  const Axis axis = axis_of(shapes);
  std::erase_if(shapes, [&](const PatchShape& shape) {
    return shape.length < kElongated * shape.thickness ||
           (std::abs(shape.angle_degrees) >= 45) != axis.sideways;
  });
  std::ranges::sort(shapes, std::ranges::greater{}, &PatchShape::length);
  if (shapes.size() > kVoters) shapes.resize(kVoters);

  double votes = 0;
  const int upright = axis.sideways ? 90 : 0;
  for (const PatchShape& shape : shapes) {
    votes += 1 - 2 * engine.upside_down(grey, quad_along(shape, upright));
  }
  Turn turn;
  turn.rotation = upright + (votes < 0 ? 180 : 0);
  turn.slant_degrees = axis.slant_degrees;
  if (!shapes.empty()) {
    turn.confidence = axis.certainty * std::abs(votes) / static_cast<double>(shapes.size());
  }
  return turn;
}

}  // namespace archive
