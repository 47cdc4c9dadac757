#include "ocr/text/seal_lines.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "core/seal_place.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr double kInside = 0.6;  // of its area within a row of the seal
constexpr double kKnown = 0.75;  // of its characters in the seal's text; less is mixed with print
constexpr std::size_t kFewestOfRow = 2;
constexpr double kMostOfRow = 0.5;  // of the length of a rectangle's row: less is print under it,
                                    // which was read with the row
constexpr std::size_t kPieceOfRing = 4;  // characters: a straight line follows a ring no longer

// Share of the characters of a text that stand in another one in the same order.
double share_of(const std::u32string& text, const std::u32string& other) {
  if (text.empty()) return 0;
  std::vector<std::size_t> common(other.size() + 1);
  for (const char32_t c : text) {
    std::size_t diagonal = 0;
    for (std::size_t i = 0; i < other.size(); ++i) {
      const std::size_t above = common[i + 1];
      common[i + 1] = other[i] == c ? diagonal + 1 : std::max(above, common[i]);
      diagonal = above;
    }
  }
  return static_cast<double>(common.back()) / static_cast<double>(text.size());
}

double share_inside(const Box& box, const Box& other) {
  const double across = std::min(box.right, other.right) - std::max(box.left, other.left);
  const double down = std::min(box.bottom, other.bottom) - std::max(box.top, other.top);
  if (across <= 0 || down <= 0) return 0;
  return across * down / (box.width() * box.height());
}

double length(const Box& box) { return std::max(box.width(), box.height()); }

// Where the characters of a ring stand, and nothing of the line beyond it.
bool is_on_ring(const Quad& line, const SealMark& seal) {
  const auto out = [&](Point p) { return way_out(seal.quad, seal.shape, p); };
  return out(line.centre()) > 0.5 &&
         std::ranges::all_of(line.corners, [&](Point p) { return out(p) < 1.05; });
}

}  // namespace

void mark_seal_lines(const SealMark& seal, const SealReading& reading,
                     std::vector<TextLine>& lines) {
  const bool ring = seal.shape != "square";
  const std::u32string all = code_points(reading.text);
  const std::u32string around = code_points(reading.ring);
  for (TextLine& line : lines) {
    const std::u32string text = code_points(line.text);
    const Box box = line.quad.bounds();
    const bool row = text.size() >= kFewestOfRow && share_of(text, all) >= kKnown &&
                     std::ranges::any_of(reading.rows, [&](const Quad& quad) {
                       const Box of_seal = quad.bounds();
                       const bool whole = ring || length(box) > kMostOfRow * length(of_seal);
                       return whole && share_inside(box, of_seal) > kInside;
                     });
    // Digits under a seal are print; its own number is too small to be found as a line.
    const bool piece = ring && text.size() <= kPieceOfRing && std::ranges::all_of(text, is_hanzi) &&
                       share_of(text, around) == 1 && is_on_ring(line.quad, seal);
    if (row || piece) line.kind = LineKind::seal;
  }
}

}  // namespace archive
