#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/pattern.h"
#include "ocr/form/sheet.h"

namespace archive::form {

/// The text of a page in one string, folded, rows from top to bottom, so that patterns
/// find what a paragraph says across the ends of its lines. A pattern that begins with
/// ^ is matched against single lines instead.
class RunningText {
 public:
  explicit RunningText(const Sheet& sheet);

  const std::string& text() const { return text_; }

  /// The signs of a pattern's first group where it matches first; empty when it does not.
  std::vector<Sign> find(const Pattern& pattern) const;

 private:
  std::vector<Sign> group_in(std::size_t begin, std::size_t end, const Pattern& pattern) const;

  std::vector<Sign> signs_;
  std::string text_;
  std::vector<std::size_t> sign_of_;  // for each byte of the text, and one past its end
  std::vector<std::size_t> lines_;    // byte at which each line begins
};

}  // namespace archive::form
