#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/pattern.h"
#include "ocr/form/sheet.h"

namespace archive::form {

/// The text of a page in one string, folded, rows from top to bottom, so that patterns
/// find what a paragraph says across the ends of its lines.
class RunningText {
 public:
  explicit RunningText(const Sheet& sheet);

  const std::string& text() const { return text_; }

  /// The signs of a pattern's first group where it matches first; empty when it does not.
  std::vector<Sign> find(const Pattern& pattern) const;

 private:
  std::vector<Sign> signs_;
  std::string text_;
  std::vector<std::size_t> sign_of_;  // for each byte of the text, and one past its end
};

}  // namespace archive::form
