#include "ocr/page/show_through.h"

#include <algorithm>
#include <cstddef>

namespace archive {
namespace {

constexpr std::size_t kAsked = 6;
constexpr double kClear = 0.05;  // of confidence, below which the two readings are even

Quad mirrored(const Quad& q) { return {{q.corners[1], q.corners[0], q.corners[3], q.corners[2]}}; }

// The back of a sheet that was turned over its short side: mirrored, and on its head.
Quad flipped(const Quad& q) { return {{q.corners[3], q.corners[2], q.corners[1], q.corners[0]}}; }

}  // namespace

bool shines_through(ReadingEngine& engine, const Pixels& grey, std::vector<Quad> lines) {
  std::ranges::sort(lines, std::ranges::greater{}, &Quad::width);
  if (lines.size() > kAsked) lines.resize(kAsked);
  int balance = 0;
  for (const Quad& line : lines) {
    const double seen = engine.read(grey, line).confidence;
    const double behind = std::max(engine.read(grey, mirrored(line)).confidence,
                                   engine.read(grey, flipped(line)).confidence);
    if (behind > seen + kClear) ++balance;
    if (seen > behind + kClear) --balance;
  }
  return balance > 0;
}

}  // namespace archive
