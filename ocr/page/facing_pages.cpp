#include "ocr/page/facing_pages.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace archive {
namespace {

constexpr double kBroad = 1.15;       // widths to a height: room for two pages
constexpr double kMiddleFrom = 0.36;  // of the width: where a gutter may lie
constexpr double kMiddleTo = 0.64;
constexpr double kGutterLeast = 0.015;    // of the width: two margins of 3 mm on A3
constexpr double kGutterCertain = 0.055;  // no two columns of one page stand so far apart
constexpr double kTextLeast = 0.25;       // of the height, that the text of a page spans
constexpr std::size_t kLinesLeast = 5;    // on a page
constexpr double kSameRow = 0.25;         // of a line's height, between two lines of one row
constexpr double kRowsShared = 0.6;       // of a page's lines: then the rows run across
constexpr int kRuleDepth = 50;            // grey levels darker than paper
constexpr double kRuleGaps = 0.06;        // of a rule's length may be worn away
constexpr int kRuleSlack = 2;             // pixels that a rule may stray from its row

struct Gap {
  double left = 0, right = 0;
  double width() const { return right - left; }
  double middle() const { return (left + right) / 2; }
};

std::vector<Box> boxes_of(const std::vector<TextRegion>& regions) {
  std::vector<Box> boxes;
  for (const TextRegion& region : regions) boxes.push_back(region.quad.bounds());
  std::ranges::sort(boxes, {}, &Box::left);
  return boxes;
}

// The widest stretch without text, around the middle of the sheet.
Gap widest_gap(const std::vector<Box>& boxes, double width) {
  Gap widest;
  double reached = 0;
  for (const Box& box : boxes) {
    const Gap gap{reached, box.left};
    const bool central = gap.middle() > kMiddleFrom * width && gap.middle() < kMiddleTo * width;
    if (central && reached > 0 && gap.width() > widest.width()) widest = gap;
    reached = std::max(reached, box.right);
  }
  return widest;
}

bool is_page_of_text(const std::vector<Box>& boxes, double height) {
  if (boxes.size() < kLinesLeast) return false;
  const double top = std::ranges::min(boxes, {}, &Box::top).top;
  const double bottom = std::ranges::max(boxes, {}, &Box::bottom).bottom;
  return bottom - top > kTextLeast * height;
}

bool in_one_row(const Box& a, const Box& b) {
  const double apart = std::abs((a.top + a.bottom) - (b.top + b.bottom)) / 2;
  return apart < kSameRow * std::min(a.height(), b.height());
}

bool rows_run_across(const std::vector<Box>& left, const std::vector<Box>& right) {
  const std::vector<Box>& fewer = left.size() < right.size() ? left : right;
  const std::vector<Box>& more = left.size() < right.size() ? right : left;
  const auto shared = std::ranges::count_if(fewer, [&more](const Box& line) {
    return std::ranges::any_of(more, [&line](const Box& other) { return in_one_row(line, other); });
  });
  return static_cast<double>(shared) > kRowsShared * static_cast<double>(fewer.size());
}

bool is_rule(const Pixels& grey, int y, int left, int right, int paper) {
  int worn = 0;
  for (int x = left; x < right; ++x) {
    bool dark = false;
    for (int beside = -kRuleSlack; beside <= kRuleSlack && !dark; ++beside) {
      dark = grey.row(std::clamp(y + beside, 0, grey.height - 1))[x] < paper - kRuleDepth;
    }
    if (!dark && ++worn > kRuleGaps * (right - left)) return false;
  }
  return true;
}

// A rule, or a bar of the page's top and bottom, from one side to the other.
bool ruled_across(const Pixels& grey, const Gap& gap, double top, double bottom) {
  const int left = std::max(0, static_cast<int>(gap.left + 0.1 * gap.width()));
  const int right = std::min(grey.width, static_cast<int>(gap.right - 0.1 * gap.width()));
  const int last = std::min(grey.height, static_cast<int>(bottom));
  for (int y = std::max(0, static_cast<int>(top)); y < last; ++y) {
    const std::uint8_t* row = grey.row(y);
    const int paper = *std::max_element(row + left, row + right);
    if (is_rule(grey, y, left, right, paper)) return true;
  }
  return false;
}

}  // namespace

std::optional<double> gutter_of(const Pixels& grey, const std::vector<TextRegion>& regions) {
  const double width = grey.width;
  const double height = grey.height;
  if (width < kBroad * height) return std::nullopt;
  const std::vector<Box> boxes = boxes_of(regions);
  const Gap gap = widest_gap(boxes, width);
  if (gap.width() < kGutterLeast * width) return std::nullopt;

  std::vector<Box> left;
  std::vector<Box> right;
  for (const Box& box : boxes) (box.right <= gap.middle() ? left : right).push_back(box);
  if (!is_page_of_text(left, height) || !is_page_of_text(right, height)) return std::nullopt;
  if (gap.width() < kGutterCertain * width && rows_run_across(left, right)) return std::nullopt;
  const double top = std::ranges::min(boxes, {}, &Box::top).top;
  const double bottom = std::ranges::max(boxes, {}, &Box::bottom).bottom;
  if (ruled_across(grey, gap, top, bottom)) return std::nullopt;
  return gap.middle();
}

}  // namespace archive
