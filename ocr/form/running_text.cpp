#include "ocr/form/running_text.h"

#include "core/utf8.h"

namespace archive::form {
namespace {

// A page of the densest print has some 3,000 characters.
constexpr std::size_t kSignsMax = 12'000;

/// Scraps of a seal between the lines: one or two unsure characters.
bool is_scrap(const Piece& piece) { return piece.unsure && piece.signs.size() <= 2; }

}  // namespace

RunningText::RunningText(const Sheet& sheet) {
  std::vector<int> which;
  for (int i = 0; i < static_cast<int>(sheet.pieces.size()); ++i) {
    if (!is_scrap(sheet.pieces[static_cast<std::size_t>(i)])) which.push_back(i);
  }
  for (const std::vector<int>& row : rows_of(sheet.pieces, which)) {
    for (int i : row) {
      for (const Sign& sign : sheet.pieces[static_cast<std::size_t>(i)].signs) {
        if (signs_.size() >= kSignsMax) break;
        const std::string c = utf8(sign.c);
        sign_of_.insert(sign_of_.end(), c.size(), signs_.size());
        text_ += c;
        signs_.push_back(sign);
      }
    }
  }
  sign_of_.push_back(signs_.size());
}

std::vector<Sign> RunningText::find(const Pattern& pattern) const {
  const auto spans = pattern.first_in(text_);
  if (spans.size() < 2 || spans[1].end <= spans[1].begin) return {};
  return {signs_.begin() + static_cast<std::ptrdiff_t>(sign_of_[spans[1].begin]),
          signs_.begin() + static_cast<std::ptrdiff_t>(sign_of_[spans[1].end])};
}

}  // namespace archive::form
