#include "ocr/form/page_stamp.h"

#include <algorithm>
#include <cmath>

#include "config/pattern.h"
#include "core/utf8.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr double kEdgeShare = 0.09;    // of the page's height, at top and bottom
constexpr double kCornerReach = 0.35;  // of the page's width and height

/// The digits of a stamp: 12, -12-, 第12页, No.12, 0012. "第1页共3页" counts the pages of
/// one form and is no stamp.
std::optional<std::pair<std::size_t, std::size_t>> digits_of(const std::u32string& text) {
  static const Pattern stamp =
      Pattern::of("^(?:[-~(\\[·.☑□]*|第|No[.:]?|NO[.:]?|№|P[.]?)([0-9]{1,4})(?:[-~)\\]·.]*|页)$");
  const std::string bytes = utf8(text);
  const auto spans = stamp.first_in(bytes);
  if (spans.size() < 2) return std::nullopt;
  // Everything before the digits counts in characters, not in bytes.
  const std::size_t begin = code_points(std::string_view(bytes).substr(0, spans[1].begin)).size();
  return std::pair(begin, begin + spans[1].end - spans[1].begin);
}

/// One figure that was found twice.
bool is_same_ink(const Box& a, const Box& b) {
  return overlap(a.left, a.right, b.left, b.right) > 0.7 &&
         overlap(a.top, a.bottom, b.top, b.bottom) > 0.7;
}

bool crowded(const Sheet& sheet, const Piece& piece) {
  for (const Piece& other : sheet.pieces) {
    if (&other == &piece || is_same_ink(piece.box, other.box)) continue;
    const bool beside =
        overlap(piece.box.top, piece.box.bottom, other.box.top, other.box.bottom) > 0.7;
    const double gap = std::max(other.box.left - piece.box.right, piece.box.left - other.box.right);
    if (beside && gap < 0.8 * sheet.line_height) return true;
  }
  return false;
}

/// Nearer to a corner is better; the upper right one is where stamps go first.
double score_of(const Sheet& sheet, const Piece& piece) {
  const double x = piece.centre_x() / sheet.width, y = piece.centre_y() / sheet.height;
  const double dx = std::min(x, 1 - x), dy = std::min(y, 1 - y);
  const bool corner = dx < kCornerReach;
  double score = 1 - dy * 4 - (corner ? dx : 0.2);
  if (x > 0.5 && y < 0.5) score += 0.2;
  if (piece.unsure) score -= 0.15;
  return score;
}

}  // namespace

std::optional<Fitted> page_stamp_of(const Sheet& sheet) {
  std::optional<Fitted> best;
  double best_score = 0.2;
  for (const Piece& piece : sheet.pieces) {
    const double y = piece.centre_y() / sheet.height;
    if (y > kEdgeShare && y < 1 - kEdgeShare) continue;
    const auto digits = digits_of(piece.text);
    if (!digits || crowded(sheet, piece)) continue;
    const double score = score_of(sheet, piece);
    if (score <= best_score) continue;
    best_score = score;
    Fitted value;
    value.signs.assign(piece.signs.begin() + static_cast<std::ptrdiff_t>(digits->first),
                       piece.signs.begin() + static_cast<std::ptrdiff_t>(digits->second));
    value.raw = printed_text(value.signs);
    value.value = value.raw;
    while (value.value.size() > 1 && value.value.front() == '0') value.value.erase(0, 1);
    value.fit = std::min(1.0, score);
    best = std::move(value);
  }
  return best;
}

}  // namespace archive::form
