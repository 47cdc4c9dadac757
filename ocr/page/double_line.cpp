#include "ocr/page/double_line.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace archive {
namespace {

constexpr double kAspectLeast = 4;   // a short region may be one character of two parts
constexpr double kPartLeast = 0.28;  // of the inked height, for each of the parted lines
constexpr double kGapMost = 0.06;    // of the mean ink of a row, in the gap between lines
constexpr int kPartLeastPx = 10;
constexpr int kInkDepth = 64;  // grey levels
constexpr int kShading = 64;
constexpr double kRuleShare = 0.85;  // of the width, that the rows of a rule are dark
constexpr double kRuleOnly = 0.85;   // of the ink

struct Rows {
  int top = 0;
  std::vector<double> ink;   // of each row, sum of darkness
  std::vector<double> dark;  // of each row, share of it that is dark
};

bool is_level(const Quad& quad) {
  return quad.corners[0].y == quad.corners[1].y && quad.corners[0].x == quad.corners[3].x;
}

Rows ink_by_row(const Pixels& grey, const Box& box) {
  const auto inside = [](double value, int limit) {
    return std::clamp(static_cast<int>(std::lround(value)), 0, limit);
  };
  const int left = inside(box.left, grey.width);
  const int right = inside(box.right, grey.width);
  Rows rows{inside(box.top, grey.height), {}, {}};
  const int bottom = inside(box.bottom, grey.height);
  std::vector<int> lightest_of;
  for (int y = rows.top; y < bottom; ++y) {
    const std::uint8_t* row = grey.row(y);
    std::uint8_t lightest = left < right ? 0 : 255;
    for (int x = left; x < right; ++x) lightest = std::max(lightest, row[x]);
    lightest_of.push_back(lightest);
  }
  const int paper = lightest_of.empty() ? 0 : std::ranges::max(lightest_of);
  for (int y = rows.top; y < bottom; ++y) {
    const std::uint8_t* row = grey.row(y);
    // Shading makes a row a little darker; one that is dark all over is a rule.
    const int lightest =
        std::max(lightest_of[static_cast<std::size_t>(y - rows.top)], paper - kShading);
    int ink = 0;
    int dark = 0;
    for (int x = left; x < right; ++x) {
      const int depth = lightest - row[x];
      ink += depth > kInkDepth ? depth : 0;
      dark += depth > kInkDepth ? 1 : 0;
    }
    rows.ink.push_back(ink);
    rows.dark.push_back(static_cast<double>(dark) / std::max(1, right - left));
  }
  return rows;
}

// The middle of the emptiest stretch of rows, as an index; 0 when there is none.
std::size_t gap_in(const std::vector<double>& ink) {
  const double mean = std::accumulate(ink.begin(), ink.end(), 0.0) /
                      static_cast<double>(std::max<std::size_t>(1, ink.size()));
  const auto inked = [&](double row) { return row > kGapMost * mean; };
  const auto first = std::ranges::find_if(ink, inked) - ink.begin();
  const auto last = std::find_if(ink.rbegin(), ink.rend(), inked).base() - ink.begin();
  const auto least = std::max<std::ptrdiff_t>(
      kPartLeastPx, std::lround(kPartLeast * static_cast<double>(last - first)));
  std::ptrdiff_t best = 0;
  std::ptrdiff_t best_length = 0;
  for (auto from = first + least; from < last - least;) {
    if (inked(ink[static_cast<std::size_t>(from)])) {
      ++from;
      continue;
    }
    auto to = from;
    while (to < last - least && !inked(ink[static_cast<std::size_t>(to)])) ++to;
    if (to - from > best_length) best_length = to - from, best = (from + to) / 2;
    from = to;
  }
  return static_cast<std::size_t>(best);
}

// Whether the rows from one to another hold a rule and hardly anything else: a line that fills
// a form runs close below the value written on it.
bool is_rule(const Rows& rows, std::size_t from, std::size_t to) {
  double all = 0;
  double ruled = 0;
  for (std::size_t i = from; i < to; ++i) {
    const std::size_t above = i > from ? i - 1 : i;
    const std::size_t below = i + 1 < to ? i + 1 : i;
    const double darkest = std::max({rows.dark[above], rows.dark[i], rows.dark[below]});
    all += rows.ink[i];
    if (darkest > kRuleShare) ruled += rows.ink[i];
  }
  return ruled > kRuleOnly * all;
}

void part(const Pixels& grey, const TextRegion& region, std::vector<TextRegion>& parts) {
  const Box box = region.quad.bounds();
  if (is_level(region.quad) && box.width() > kAspectLeast * box.height()) {
    const Rows rows = ink_by_row(grey, box);
    if (const std::size_t gap = gap_in(rows.ink); gap != 0) {
      const double cut = rows.top + static_cast<double>(gap) + 0.5;
      TextRegion upper = region;
      TextRegion lower = region;
      upper.quad = Quad::of({box.left, box.top, box.right, cut});
      lower.quad = Quad::of({box.left, cut, box.right, box.bottom});
      if (!is_rule(rows, 0, gap)) part(grey, upper, parts);
      if (!is_rule(rows, gap, rows.ink.size())) part(grey, lower, parts);
      return;
    }
  }
  parts.push_back(region);
}

}  // namespace

std::vector<TextRegion> part_double_lines(const Pixels& grey,
                                          const std::vector<TextRegion>& regions) {
  std::vector<TextRegion> parts;
  for (const TextRegion& region : regions) part(grey, region, parts);
  return parts;
}

}  // namespace archive
