#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ocr/form/label_book.h"
#include "ocr/form/rules.h"
#include "ocr/form/sheet.h"

namespace archive::form {

/// What a reader takes in at one glance: the text of a cell of a ruled table, however
/// many lines it has, or a piece of text that stands free.
struct Block {
  std::vector<Sign> signs;              ///< in reading order
  std::u32string text;                  ///< the signs' folded characters
  std::vector<std::size_t> row_starts;  ///< index of the first sign of each row
  Box box;                              ///< around the text
  Box cell;  ///< the rules around it, or the text's box when it stands free
  bool ruled = false;
  std::optional<Box> frame;  ///< rules around it, be they a cell or a large frame
  double em = 0;
  bool unsure = false;
  bool handwritten = false;

  double centre_y() const { return (box.top + box.bottom) / 2; }
  double centre_x() const { return (box.left + box.right) / 2; }
};

/// The blocks of a page, in reading order of their upper left corners.
struct Blocks {
  std::vector<Block> list;
  double line_height = 1;
  double page_width = 0, page_height = 0;

  const Block& operator[](int i) const { return list[static_cast<std::size_t>(i)]; }
  int size() const { return static_cast<int>(list.size()); }

  /// All blocks on the same height to the right, the nearest first.
  std::vector<int> all_right_of(int block) const;
  /// The nearest of them, or -1.
  int right_of(int block) const;
  /// True when an empty cell lies between two blocks of one height.
  bool empty_between(int left, int right) const;
  /// The next block below that shares the larger part of its width, or -1.
  int below(int block) const;
};

/// A label that is spread out over its line, as 乙　　方, is one block.
Blocks blocks_of(const Sheet& sheet, const RuledLines& rules, const LabelBook& book);

}  // namespace archive::form
