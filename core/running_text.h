#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/page.h"

namespace archive {

/// A character of a line as it is given out, with the part of the line that it takes.
struct Letter {
  std::string text;  ///< one code point, UTF-8; a blank of any kind is " "
  char32_t code_point = 0;
  double from = 0;  ///< fractions 0..1 of the line's length, in reading direction
  double to = 0;
  double confidence = 0;
  const TextChar* read = nullptr;  ///< in the line; null when the text has it without a place

  bool blank() const { return code_point == U' '; }
};

/// A line as running text, the same in every form that leaves the archive (ALTO, hOCR, plain
/// text, PDF): no blank at its ends, none between Chinese characters, where blanks only space
/// the print out, one between words and numbers.
///
/// The letters lie end to end: each begins where the one before it ends, half way between
/// their centres, so that whoever puts them together again finds no gap but the blanks. None
/// is so narrow that it would pass for a double of its neighbour.
std::vector<Letter> running_text(const TextLine& line);

/// The text of letters in a row.
std::string text_of(const std::vector<Letter>& letters);

/// A word: the letters between two blanks, as [first, last) of their line.
struct WordSpan {
  std::size_t first = 0;
  std::size_t last = 0;
};
std::vector<WordSpan> words_of(const std::vector<Letter>& letters);
/// The mean confidence of a word's letters.
double confidence_of(const std::vector<Letter>& letters, WordSpan word);

/// The quad of a line as its characters stand when the page is turned so that they run from
/// left to right: for a vertical line the first edge is its right side.
Quad along_reading(const TextLine& line);
/// The part of a line between two fractions of its length, with the corners of line.quad.
Quad part_of(const TextLine& line, double from, double to);

/// Chinese characters, and the punctuation and full-width signs that stand among them.
bool is_chinese(char32_t c);

}  // namespace archive
