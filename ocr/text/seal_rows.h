#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/page.h"

namespace archive {

/// A stretch of an upright page, across or down, in its pixels.
struct Span {
  double from = 0;
  double to = 0;

  double length() const { return to - from; }
  double middle() const { return (from + to) / 2; }

  friend bool operator==(const Span&, const Span&) = default;
};

/// How much two stretches have in common, and how far they lie apart; 0 if they do not.
double common(const Span& a, const Span& b);
double distance(const Span& a, const Span& b);

Span across(const Box& box);
Span down(const Box& box);

/// Whether a box stands in a row: half of the lower one of both.
bool in_row(const Box& box, const Span& row);

/// What a seal covers of an upright page.
class SealArea {
 public:
  explicit SealArea(const SealMark& seal)
      : box_(seal.quad.bounds()), quad_(seal.quad), shape_(seal.shape) {}

  const Box& box() const { return box_; }
  /// Its part of a row, with the frame.
  Span chord(const Span& row) const;
  /// Share of a box's width that lies within.
  double share_inside(const Box& box) const;
  /// Where the frame lies, and where it or the characters along it do; along the sides of a
  /// rectangle there are none.
  bool on_frame(Point p) const;
  bool on_ring(Point p) const;

 private:
  bool is_rectangle() const { return shape_ == "square"; }

  Box box_;
  Quad quad_;
  std::string shape_;
};

/// The rows of print that run on under a seal, as `beside` it shows them: the nearest box at a
/// height says how high its row is, without the margin that detected boxes have. Where there is
/// none, boxes `within` the seal that are as high as these rows. At most 12.
std::vector<Span> rows_under(const SealArea& seal, std::vector<Box> beside,
                             std::vector<Box> within);

/// The columns of a table that run on under a seal, as wide as all their boxes above and
/// below it. At most 4.
std::vector<Span> columns_under(const SealArea& seal, std::vector<Box> beside);

/// Where text of a row may stand, cells first.
struct RowPlaces {
  std::vector<std::vector<Span>> cells;  ///< of each column, from the likeliest width on
  std::vector<Span> stretches;           ///< what is found of the row there, and all of it
};

/// `found` are the boxes that were found near the seal, of them `beside` those beside it.
RowPlaces places_in(const SealArea& seal, const Span& row, std::span<const Span> columns,
                    std::span<const Box> found, std::span<const Box> beside);

}  // namespace archive
