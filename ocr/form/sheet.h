#pragma once

#include <string>
#include <vector>

#include "core/page.h"

namespace archive::form {

/// One character of the page where it stands.
struct Sign {
  char32_t c = 0;        ///< folded, never 0
  char32_t printed = 0;  ///< as read
  double x0 = 0, x1 = 0;
  double y = 0;       ///< centre of its line
  double height = 0;  ///< of its line
  double confidence = 0;
  int line = 0;             ///< index in RecognizedPage::lines
  int id = 0;               ///< of its own on the sheet
  bool gap_before = false;  ///< more than a character's width away from the one before
  std::vector<Alternative> alternatives = {};  ///< as TextChar has them

  Box box() const { return {x0, y - height / 2, x1, y + height / 2}; }
};

/// Characters of one line that stand together. A line that leaves a wide gap, as
/// between two pairs of label and value, is several pieces.
struct Piece {
  std::vector<Sign> signs;
  std::u32string text;  ///< the signs' folded characters
  Box box;
  double em = 0;  ///< width of a hanzi, about
  int line = 0;
  bool unsure = false;
  bool handwritten = false;

  double centre_y() const { return (box.top + box.bottom) / 2; }
  double centre_x() const { return (box.left + box.right) / 2; }
};

/// The text of a page as pieces, in no order.
struct Sheet {
  std::vector<Piece> pieces;
  double width = 0, height = 0;  ///< of the clean page
  double line_height = 0;        ///< median over the pieces, at least 1
};

Sheet sheet_of(const RecognizedPage& page);

/// Shares of two stretches that lie over each other, of the shorter one: 0..1.
double overlap(double a0, double a1, double b0, double b1);

/// The indices of boxes in reading order: rows from top to bottom, each from left to right. A
/// row is boxes that overlap in height by more than half.
std::vector<std::vector<int>> rows_of(const std::vector<Box>& boxes);

/// The same of some of the pieces.
std::vector<std::vector<int>> rows_of(const std::vector<Piece>& pieces,
                                      const std::vector<int>& which);

}  // namespace archive::form
