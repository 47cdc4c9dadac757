#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/geometry.h"
#include "core/page.h"

namespace archive::form {

/// The ruled lines of a page, kept as two coarse pictures: where a horizontal rule
/// passes and where a vertical one does. Answers what a reader sees from a place: how
/// far it is to the next rule on each side.
///
/// Found by opening the dark pixels with long thin kernels; a rule may be broken, thin
/// as a hair, green or red. The strokes of characters are shorter than what counts.
class RuledLines {
 public:
  RuledLines() = default;

  /// A page without a picture has no rules.
  static RuledLines find(const CleanPage& page);

  /// The cell around a piece of text: the nearest rules to all four sides, those above and
  /// below as wide as the cell, so that the line a blank is filled in on does not count.
  /// Nothing when a side has none before the edge of the page.
  std::optional<Box> cell_around(const Box& text) const;

  /// The cell of a table that has no rule along its outer side: rules above and below end
  /// there. Nothing when more than one side is open.
  std::optional<Box> open_cell_around(const Box& text) const;

  /// Every patch of paper that rules enclose on all sides, filled in or empty. None of squared
  /// paper: more than 1500 are no cells.
  std::vector<Box> enclosed() const;

  bool any() const { return any_; }

  /// True when a vertical rule stands between two places on one height.
  bool divided(double x0, double x1, double y) const;

  /// True when a horizontal rule passes both places between two heights.
  bool underlined(double x0, double x1, double y0, double y1) const;

 private:
  double beside(double x, double y, double reach, int step) const;
  double across(double x, double y, double left, double right, int step) const;
  std::array<double, 2> sides(const Box& text) const;
  double end_of(double x, double y, int step) const;
  bool vertical_near(int x, int y) const;
  bool spans(int y, double left, double right) const;
  bool horizontal_at(int x, int y) const;
  bool vertical_at(int x, int y) const;

  int width_ = 0, height_ = 0;  // of the coarse pictures
  double scale_ = 1;            // pixels of the page for one of theirs
  bool any_ = false;
  std::vector<std::uint8_t> horizontal_, vertical_;
};

}  // namespace archive::form
