#pragma once

#include <string>
#include <vector>

#include "ocr/form/blocks.h"
#include "ocr/form/label_hits.h"

namespace archive::form {

/// A cell of a ruled table with what stands in it, or an empty one.
struct Cell {
  Box box;
  std::vector<int> blocks = {};  ///< in reading order; none of an empty cell
  std::vector<Sign> signs = {};  ///< of all blocks
  std::vector<std::size_t> row_starts = {};
  std::u32string text = {};
  bool part = false;  ///< of a cell whose inner rule was not seen

  bool empty() const { return signs.empty(); }
};

/// The tables of a page as their readers see them: every cell, the empty ones too, and
/// which lie beside and below each other. A cell that a rule does not close on the outside
/// is one, and so is a large one that holds nothing but text. Where a rule was not seen, text
/// that falls into the columns above it, or into the rows beside it, is several cells.
class Cells {
 public:
  Cells(const Blocks& blocks, const RuledLines& rules, const LabelBook& book);

  const std::vector<Cell>& list() const { return list_; }
  const Cell& operator[](int i) const { return list_[static_cast<std::size_t>(i)]; }
  int size() const { return static_cast<int>(list_.size()); }
  /// The cell of a block, or -1 for text that stands free.
  int of_block(int block) const { return of_block_[static_cast<std::size_t>(block)]; }

  /// The cells that touch a cell's right side, from top to bottom; its left side; its lower
  /// side, from left to right.
  const std::vector<int>& right_of(int cell) const {
    return right_[static_cast<std::size_t>(cell)];
  }
  const std::vector<int>& left_of(int cell) const { return left_[static_cast<std::size_t>(cell)]; }
  /// The cell below of the same width, or -1.
  int under(int cell) const { return under_[static_cast<std::size_t>(cell)]; }
  int over(int cell) const { return over_[static_cast<std::size_t>(cell)]; }

  /// Cells of one height side by side, from left to right; a lone cell is a row.
  const std::vector<std::vector<int>>& rows() const { return rows_; }

 private:
  void add_text(const Blocks& blocks, const RuledLines& rules);
  void put_in_order(Cell& cell, const Blocks& blocks) const;
  std::vector<Box> rows_beside(const Cell& whole, const std::vector<int>& beside) const;
  void part_overlapping();
  void take_overflow();
  void split_columns();
  void split_rows(const LabelBook& book);
  void split_at_label(const LabelBook& book);
  void add_empty(const RuledLines& rules);
  void link();
  void find_rows();

  double tolerance_ = 1;
  std::vector<Cell> list_;
  std::vector<int> of_block_;
  std::vector<std::vector<int>> right_, left_, rows_;
  std::vector<int> under_, over_;
};

}  // namespace archive::form
