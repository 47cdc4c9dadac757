#include "ocr/page/stamped_line.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>

namespace archive {
namespace {

constexpr double kStampEdge = 0.1;      // of the page's height: where stamps stand
constexpr int kStampedHeight = 30;      // px
constexpr double kStampedLongest = 12;  // lengths of a region to its height
constexpr int kStampDepth = 64;         // grey levels below the paper
constexpr int kColumnInk = 2;           // px: less is a speck
constexpr double kStampStep = 0.28;  // of the whole height, from the stamp's edge to the number's
constexpr double kNumberHeight = 0.25;  // of the whole height, that the number has at least
constexpr double kNumberLeast = 1.5;    // lengths of the number to its height
constexpr double kStampLeast = 0.3, kStampMost = 3;  // lengths of the stamp to its height
constexpr double kPartMargin = 0.06;                 // of the whole height, around each

struct InkColumn {
  int top = 0;     // first row with ink
  int bottom = 0;  // last row with ink; above `top` when there is none

  bool inked() const { return bottom >= top; }
};

/// Of a picture from its left to its right.
struct ColumnOutline {
  Box box;  // whole pixels
  std::vector<InkColumn> columns;
  int top = 0, bottom = 0;  // of all ink

  double height() const { return bottom - top + 1; }
};

std::uint8_t paper_of(const Pixels& grey, const Box& box) {
  std::uint8_t lightest = 0;
  for (int y = static_cast<int>(box.top); y < static_cast<int>(box.bottom); ++y) {
    const std::uint8_t* row = grey.row(y);
    for (int x = static_cast<int>(box.left); x < static_cast<int>(box.right); ++x) {
      lightest = std::max(lightest, row[x]);
    }
  }
  return lightest;
}

ColumnOutline outline_of(const Pixels& grey, const Box& region) {
  const auto inside = [](double value, int limit) {
    return std::clamp(std::round(value), 0.0, static_cast<double>(limit));
  };
  ColumnOutline outline;
  outline.box = {inside(region.left, grey.width), inside(region.top, grey.height),
                 inside(region.right, grey.width), inside(region.bottom, grey.height)};
  const int dark = paper_of(grey, outline.box) - kStampDepth;
  outline.top = grey.height;
  outline.bottom = -1;
  for (int x = static_cast<int>(outline.box.left); x < static_cast<int>(outline.box.right); ++x) {
    InkColumn column{grey.height, -1};
    int ink = 0;
    for (int y = static_cast<int>(outline.box.top); y < static_cast<int>(outline.box.bottom); ++y) {
      if (grey.row(y)[x] > dark) continue;
      ++ink;
      column.top = std::min(column.top, y);
      column.bottom = y;
    }
    if (ink < kColumnInk) column = {grey.height, -1};
    outline.top = std::min(outline.top, column.top);
    outline.bottom = std::max(outline.bottom, column.bottom);
    outline.columns.push_back(column);
  }
  return outline;
}

struct StampParts {
  Box number, stamp;
};

/// The columns before the first that reaches up to the stamp hold the number alone.
std::optional<StampParts> parts_of(const ColumnOutline& outline) {
  const double height = outline.height();
  const auto at = [&](std::size_t i) { return outline.box.left + static_cast<double>(i); };
  const auto& columns = outline.columns;
  const auto tall = std::ranges::find_if(columns, [&](const InkColumn& column) {
    return column.inked() && column.top < outline.top + kStampStep * height;
  });
  const auto first = std::ranges::find_if(columns, &InkColumn::inked);
  if (tall == columns.end() || first == tall) return std::nullopt;

  InkColumn number{outline.bottom, outline.top};
  for (auto column = first; column != tall; ++column) {
    if (!column->inked()) continue;
    number.top = std::min(number.top, column->top);
    number.bottom = std::max(number.bottom, column->bottom);
  }
  const double number_height = number.bottom - number.top + 1;
  if (number_height < kNumberHeight * height) return std::nullopt;
  if (static_cast<double>(tall - first) < kNumberLeast * number_height) return std::nullopt;

  // The last digit of the stamp stands clear of the number: its rows are the stamp's.
  const auto last = std::find_if(columns.rbegin(), columns.rend(), [](const InkColumn& column) {
                      return column.inked();
                    }).base();
  const auto stamp_width = static_cast<double>(last - tall);
  InkColumn stamp{outline.bottom, outline.top};
  for (auto column = last - std::lround(stamp_width / 3); column != last; ++column) {
    if (!column->inked()) continue;
    stamp.top = std::min(stamp.top, column->top);
    stamp.bottom = std::max(stamp.bottom, column->bottom);
  }
  const double stamp_height = stamp.bottom - outline.top + 1;
  if (stamp.top > outline.top + kStampStep * height || stamp_height < 1.2 * number_height) {
    return std::nullopt;
  }
  if (stamp_width < kStampLeast * stamp_height || stamp_width > kStampMost * stamp_height) {
    return std::nullopt;
  }
  // Below the stamp there is only the number.
  auto number_end = tall;
  for (auto column = tall; column != last; ++column) {
    if (column->inked() && column->bottom > stamp.bottom + 1) number_end = column + 1;
  }
  const double margin = kPartMargin * height;
  return StampParts{{at(0), number.top - margin, at(number_end - columns.begin()) + margin / 2,
                     number.bottom + margin + 1},
                    {at(tall - columns.begin()) - margin, outline.top - margin, outline.box.right,
                     stamp.bottom + margin + 1}};
}

bool may_be_stamped(const Pixels& grey, const Box& box) {
  const double middle = (box.top + box.bottom) / 2;
  return (middle < kStampEdge * grey.height || middle > (1 - kStampEdge) * grey.height) &&
         box.height() >= kStampedHeight && box.width() > box.height() &&
         box.width() < kStampedLongest * box.height();
}

}  // namespace

std::vector<TextRegion> part_stamped_lines(const Pixels& grey,
                                           const std::vector<TextRegion>& regions) {
  std::vector<TextRegion> parts;
  for (const TextRegion& region : regions) {
    const Box box = region.quad.bounds();
    const auto found = may_be_stamped(grey, box) ? parts_of(outline_of(grey, box)) : std::nullopt;
    if (!found) {
      parts.push_back(region);
      continue;
    }
    for (const Box& part : {found->number, found->stamp}) {
      parts.push_back(region);
      parts.back().quad = Quad::of(part);
    }
  }
  return parts;
}

}  // namespace archive
