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
  struct Seen {
    Quad line;
    double confidence = 0;

    // What can be read so surely as it is seen cannot be read better from behind.
    bool may_be_behind() const { return confidence + kClear < 1; }
  };
  std::vector<Seen> seen;
  for (const Quad& line : lines) seen.push_back({line, engine.read(grey, line).confidence});
  const auto sure = std::ranges::stable_partition(seen, &Seen::may_be_behind);
  auto undecided = sure.begin() - seen.begin();
  std::ptrdiff_t balance = 0;
  for (const Seen& it : seen) {
    if (balance + undecided <= 0) break;
    const double behind = std::max(engine.read(grey, mirrored(it.line)).confidence,
                                   engine.read(grey, flipped(it.line)).confidence);
    if (it.may_be_behind()) --undecided;
    if (behind > it.confidence + kClear) ++balance;
    if (it.confidence > behind + kClear) --balance;
  }
  return balance > 0;
}

}  // namespace archive
