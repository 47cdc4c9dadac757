#include "ocr/text/seal_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

#include "core/seal_place.h"

namespace archive {
namespace {

constexpr double kFrame = 1.05;      // half axes: with the width of the frame
constexpr double kReach = 4;         // half axes: how far columns are followed
constexpr double kWidest = 1.5;      // half axes: of a column
constexpr double kAdjoining = 2.5;   // heights from a seal: a line may run into it
constexpr double kLongest = 45;      // heights: of a line that is read again for its end
constexpr double kSame = 0.3;        // heights by which two places differ in vain
constexpr double kNeighbours = 0.2;  // of the lower one: what two rows have in common at most
constexpr double kLower = 0.6;       // of the usual height: a row within a seal
constexpr std::size_t kRowsMost = 12;
constexpr std::size_t kColumnsMost = 4;
constexpr double kMargin = 0.1;  // of a box's height, at each side: under a seal it holds no paper
// Figures of one column are not all as wide; heights to each side of its boxes.
constexpr std::array<double, 3> kWider = {0.3, -0.25, 0.9};

void add(const Span& place, double height, std::vector<Span>& places) {
  const bool known = std::ranges::any_of(places, [&](const Span& other) {
    return std::abs(place.from - other.from) + std::abs(place.to - other.to) < kSame * height;
  });
  if (!known) places.push_back(place);
}

Span widened(const Span& span, double by) { return {span.from - by, span.to + by}; }

// Whether it has more in common with a row than neighbours have.
bool meets(const Span& span, const std::vector<Span>& rows) {
  return std::ranges::any_of(rows, [&](const Span& row) {
    return common(row, span) > kNeighbours * std::min(row.length(), span.length());
  });
}

// The median; 0 of none.
double usual_height(const std::vector<Span>& rows) {
  std::vector<double> heights;
  for (const Span& row : rows) heights.push_back(row.length());
  if (heights.empty()) return 0;
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), middle, heights.end());
  return *middle;
}

Span row_of(const Box& box) { return widened(down(box), -kMargin * box.height()); }

Span joined(const Span& a, const Span& b) {
  return {std::min(a.from, b.from), std::max(a.to, b.to)};
}

}  // namespace

double common(const Span& a, const Span& b) {
  return std::max(0.0, std::min(a.to, b.to) - std::max(a.from, b.from));
}

double distance(const Span& a, const Span& b) {
  return std::max({0.0, a.from - b.to, b.from - a.to});
}

Span across(const Box& box) { return {box.left, box.right}; }
Span down(const Box& box) { return {box.top, box.bottom}; }

bool in_row(const Box& box, const Span& row) {
  return common(down(box), row) > 0.5 * std::min(row.length(), box.height());
}

Span SealArea::chord(const Span& row) const {
  if (is_rectangle()) {
    const double middle = across(box_).middle();
    return common(row, down(box_)) > 0 ? across(box_) : Span{middle, middle};
  }
  const double middle = down(box_).middle();
  const double off = std::clamp(middle, row.from, row.to) - middle;
  const double share = off / (kFrame * box_.height() / 2);
  const double half = kFrame * box_.width() / 2 * std::sqrt(std::max(0.0, 1 - share * share));
  return {across(box_).middle() - half, across(box_).middle() + half};
}

double SealArea::share_inside(const Box& box) const {
  const double middle = down(box).middle();
  return common(across(box), chord({middle, middle})) / box.width();
}

bool SealArea::on_frame(Point p) const { return std::abs(way_out(quad_, shape_, p) - 1) < 0.12; }

bool SealArea::on_ring(Point p) const {
  if (is_rectangle()) return on_frame(p);
  const double out = way_out(quad_, shape_, p);
  return out > 0.55 && out < 1.15;
}

std::vector<Span> rows_under(const SealArea& seal, std::vector<Box> beside,
                             std::vector<Box> within) {
  std::erase_if(beside, [&](const Box& box) {
    return common(down(box), down(seal.box())) < box.height() / 2;
  });
  std::ranges::stable_sort(
      beside, {}, [&](const Box& box) { return distance(across(box), across(seal.box())); });
  std::vector<Span> rows;
  for (const Box& box : beside) {
    if (!meets(row_of(box), rows) && rows.size() < kRowsMost) rows.push_back(row_of(box));
  }
  const double usual = usual_height(rows);
  for (const Box& box : within) {
    const double height = row_of(box).length();
    const bool like = usual == 0 || (height > kLower * usual && height < usual / kLower);
    if (!meets(row_of(box), rows) && like && rows.size() < kRowsMost) rows.push_back(row_of(box));
  }
  return rows;
}

std::vector<Span> columns_under(const SealArea& seal, std::vector<Box> beside) {
  const Box& disc = seal.box();
  std::erase_if(beside, [&](const Box& box) {
    return common(across(box), across(disc)) < box.width() / 2 ||
           box.width() > kWidest * disc.width() / 2 ||
           distance(down(box), down(disc)) > kReach * disc.height() / 2;
  });
  std::ranges::stable_sort(beside, {},
                           [&](const Box& box) { return distance(down(box), down(disc)); });
  std::vector<Span> columns;
  for (const Box& box : beside) {
    const auto same = std::ranges::find_if(columns, [&](const Span& column) {
      return common(column, across(box)) > 0.5 * std::min(column.length(), box.width());
    });
    if (same != columns.end()) {
      *same = joined(*same, across(box));
    } else if (columns.size() < kColumnsMost) {
      columns.push_back(across(box));
    }
  }
  return columns;
}

RowPlaces places_in(const SealArea& seal, const Span& row, std::span<const Span> columns,
                    std::span<const Box> found, std::span<const Box> beside) {
  const Span chord = seal.chord(row);
  RowPlaces places;
  for (const Span& column : columns) {
    if (common(column, chord) == 0) continue;
    places.cells.emplace_back();
    for (const double wider : kWider) {
      places.cells.back().push_back(widened(column, wider * row.length()));
    }
  }
  // A line may have lost a character at an end that is on the ring.
  const auto further = [&](const Span& line) {
    const double height = row.length();
    return Span{line.from > chord.from - height ? line.from - height : line.from,
                line.to < chord.to + height ? line.to + height : line.to};
  };
  std::optional<Span> all;
  for (const Box& box : found) {
    if (!in_row(box, row) || box.width() > kLongest * row.length()) continue;
    if (distance(across(box), chord) > kAdjoining * row.length()) continue;
    all = all ? joined(*all, across(box)) : across(box);
    // What was found there may be right but for its height.
    if (std::ranges::find(beside, box) == beside.end()) {
      add(across(box), row.length(), places.stretches);
      add(further(across(box)), row.length(), places.stretches);
    }
  }
  if (all) {
    add(*all, row.length(), places.stretches);
    add(further(*all), row.length(), places.stretches);
  }
  add(all ? joined(*all, chord) : chord, row.length(), places.stretches);
  return places;
}

}  // namespace archive
