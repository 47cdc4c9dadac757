#include "ocr/form/running_text.h"

#include "core/utf8.h"

namespace archive::form {
namespace {

// A page of the densest print has some 3,000 characters.
constexpr std::size_t kSignsMax = 12'000;
constexpr double kLineGapEms = 1.5;

/// Scraps of a seal between the lines: one or two unsure characters.
bool is_scrap(const Piece& piece) { return piece.unsure && piece.signs.size() <= 2; }

}  // namespace

RunningText::RunningText(const Sheet& sheet) {
  std::vector<int> which;
  for (int i = 0; i < static_cast<int>(sheet.pieces.size()); ++i) {
    if (!is_scrap(sheet.pieces[static_cast<std::size_t>(i)])) which.push_back(i);
  }
  for (const std::vector<int>& row : rows_of(sheet.pieces, which)) {
    const Piece* before = nullptr;
    for (int i : row) {
      const Piece& piece = sheet.pieces[static_cast<std::size_t>(i)];
      const bool apart =
          before == nullptr || piece.box.left - before->box.right > kLineGapEms * piece.em;
      if (apart) lines_.push_back(text_.size());
      before = &piece;
      for (const Sign& sign : piece.signs) {
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

std::vector<Sign> RunningText::group_in(std::size_t begin, std::size_t end,
                                        const Pattern& pattern) const {
  const auto spans = pattern.first_in(std::string_view(text_).substr(begin, end - begin));
  if (spans.size() < 2 || spans[1].end <= spans[1].begin) return {};
  return {signs_.begin() + static_cast<std::ptrdiff_t>(sign_of_[begin + spans[1].begin]),
          signs_.begin() + static_cast<std::ptrdiff_t>(sign_of_[begin + spans[1].end])};
}

std::vector<Sign> RunningText::find(const Pattern& pattern) const {
  if (!pattern.expression().starts_with('^')) return group_in(0, text_.size(), pattern);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::size_t end = i + 1 < lines_.size() ? lines_[i + 1] : text_.size();
    std::vector<Sign> found = group_in(lines_[i], end, pattern);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace archive::form
