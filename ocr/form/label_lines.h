#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ocr/form/blocks.h"
#include "ocr/form/label_hits.h"

namespace archive::form {

/// A label in a line of text.
struct LineLabel {
  std::size_t begin = 0, end = 0;  ///< signs of the line: with number, brackets and colon
  bool colon = false;
  double quality = 0;  ///< how surely it is a label, 0..1
};

/// A line of running text or of a cell, whatever pieces it was read in, with its labels
/// from left to right.
struct LabelLine {
  std::vector<Sign> signs;
  std::u32string text;
  std::vector<LineLabel> labels;
  Box box;
  double em = 1;  ///< width of a hanzi

  /// Where the value behind a label ends: at the next label, or before text that stands so
  /// far away that it belongs to something else.
  std::size_t value_end(std::size_t label) const;
};

/// The lines that blocks form together, from top to bottom, and the labels in them: those
/// that LabelHits found, as far as they reach on this line, and words at a gap that look
/// like a label beside words that do not. An option beside a tick box is no label, nor is a
/// word in brackets or in the midst of a sentence.
std::vector<LabelLine> label_lines(const std::vector<int>& which, const Blocks& blocks,
                                   const LabelHits& hits, const LabelBook& book);

}  // namespace archive::form
