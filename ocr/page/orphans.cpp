#include "ocr/page/orphans.h"

#include <algorithm>
#include <cstddef>

namespace archive {
namespace {

constexpr std::size_t kMost = 100;  // a page with more has a picture on it, or dirt
constexpr double kNear = 0.5;       // of the lower mark's height: pieces of one number
constexpr double kLongest = 3;      // widths to a height, for pieces put together
constexpr double kCovered = 0.35;   // of a mark's box: belongs to the line
constexpr double kMargin = 0.2;     // of the height
constexpr double kInside = 0.75;    // of a mark's height: less does not reach its ends

Box widened(const Box& box, double by) {
  return {box.left - by, box.top - by, box.right + by, box.bottom + by};
}

Box bounds_of(const TextPatch& patch) { return widened(around(patch.outline), patch.margin); }

// A number that is stamped beside a line may reach into its margin.
bool covers(const Box& patch, const Box& mark) {
  const double across = std::min(patch.right, mark.right) - std::max(patch.left, mark.left);
  const double down = std::min(patch.bottom, mark.bottom) - std::max(patch.top, mark.top);
  return across > 0 && down > 0 && across * down > kCovered * mark.width() * mark.height();
}

double longer(const Box& box) { return std::max(box.width(), box.height()); }
double shorter(const Box& box) { return std::min(box.width(), box.height()); }

bool belong_together(const Box& a, const Box& b) {
  const Box both = joined(a, b);
  return overlap(widened(a, kNear * std::min(longer(a), longer(b))), b) &&
         longer(both) < kLongest * std::max(longer(a), longer(b)) &&
         shorter(both) < 1.5 * std::max(longer(a), longer(b));
}

TextPatch patch_around(const Box& box) {
  const Quad quad = Quad::of(box);
  return {{quad.corners.begin(), quad.corners.end()}, kMargin * longer(box), 0};
}

bool is_middle_of(const Box& patch, const Box& mark) {
  const Box reach = widened(mark, kMargin * shorter(mark));
  return patch.left > reach.left && patch.right < reach.right && patch.top > mark.top &&
         patch.bottom < mark.bottom && longer(patch) < kInside * longer(mark);
}

}  // namespace

std::vector<TextPatch> orphans_of(const std::vector<Box>& marks,
                                  const std::vector<TextPatch>& patches) {
  std::vector<Box> covered;
  for (const TextPatch& patch : patches) covered.push_back(bounds_of(patch));
  std::vector<Box> orphans;
  for (const Box& mark : marks) {
    if (std::ranges::any_of(covered, [&](const Box& box) { return covers(box, mark); })) continue;
    orphans.push_back(mark);
    if (orphans.size() > kMost) return {};
  }
  for (std::size_t i = 0; i < orphans.size(); ++i) {
    for (std::size_t j = i + 1; j < orphans.size(); ++j) {
      if (!belong_together(orphans[i], orphans[j])) continue;
      orphans[i] = joined(orphans[i], orphans[j]);
      orphans.erase(orphans.begin() + static_cast<std::ptrdiff_t>(j));
      j = i;
    }
  }
  std::vector<TextPatch> found;
  for (const Box& box : orphans) found.push_back(patch_around(box));
  return found;
}

std::vector<TextPatch> whole_marks(const std::vector<Box>& marks, std::vector<TextPatch> patches) {
  for (TextPatch& patch : patches) {
    const Box box = bounds_of(patch);
    const auto mark =
        std::ranges::find_if(marks, [&](const Box& whole) { return is_middle_of(box, whole); });
    if (mark != marks.end()) patch = patch_around(*mark);
  }
  return patches;
}

}  // namespace archive
