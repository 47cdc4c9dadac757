#include "ocr/text/seal_lines.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr double kInside = 0.6;              // of its area within a row of the seal
constexpr double kKnown = 0.6;               // of its characters in the seal's text
constexpr std::size_t kPieceOfRing = 4 * 3;  // bytes: a straight line follows a ring no longer

// Share of the characters of a text that another one has as well.
double share_of(const std::string& text, const std::string& other) {
  const std::u32string points = code_points(text);
  const std::u32string others = code_points(other);
  if (points.empty()) return 0;
  const auto known = std::ranges::count_if(
      points, [&](char32_t c) { return others.find(c) != std::u32string::npos; });
  return static_cast<double>(known) / static_cast<double>(points.size());
}

double share_inside(const Box& box, const Box& other) {
  const double across = std::min(box.right, other.right) - std::max(box.left, other.left);
  const double down = std::min(box.bottom, other.bottom) - std::max(box.top, other.top);
  if (across <= 0 || down <= 0) return 0;
  return across * down / (box.width() * box.height());
}

// Where the characters of a ring stand, and nothing of the line beyond it.
bool is_on_ring(const Quad& line, const Quad& seal) {
  const Point centre = seal.centre();
  const auto distance = [&](Point p) {
    return std::hypot((p.x - centre.x) / seal.width(), (p.y - centre.y) / seal.height()) * 2;
  };
  return distance(line.centre()) > 0.5 &&
         std::ranges::all_of(line.corners, [&](Point p) { return distance(p) < 1.05; });
}

}  // namespace

void mark_seal_lines(const SealMark& seal, const SealReading& reading,
                     std::vector<TextLine>& lines) {
  const bool ring = seal.shape != "square";
  for (TextLine& line : lines) {
    const double known = share_of(line.text, reading.text);
    const bool row = std::ranges::any_of(reading.rows, [&](const Quad& quad) {
      return share_inside(line.quad.bounds(), quad.bounds()) > kInside;
    });
    const bool on_ring = ring && line.text.size() <= kPieceOfRing &&
                         share_of(line.text, reading.ring) == 1 && is_on_ring(line.quad, seal.quad);
    if ((row && known >= kKnown) || on_ring) line.kind = LineKind::seal;
  }
}

}  // namespace archive
