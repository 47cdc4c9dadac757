#include "ocr/form/blocks.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

// A cell that holds more than a few lines is a frame around other things, unless it is
// narrow: then its text runs downwards.
constexpr double kCellLinesMax = 5.2;
constexpr double kNarrowLinesMax = 3.2;
constexpr double kCellHeightMax = 0.30;  // of the page

struct Cell {
  Box box;
  std::vector<int> pieces;
};

bool same_cell(const Box& a, const Box& b, double tolerance) {
  return std::abs(a.left - b.left) < tolerance && std::abs(a.top - b.top) < tolerance &&
         std::abs(a.right - b.right) < tolerance && std::abs(a.bottom - b.bottom) < tolerance;
}

bool is_frame(const Box& cell, const Sheet& sheet) {
  if (cell.height() > kCellHeightMax * sheet.height) return true;
  return cell.height() > kCellLinesMax * sheet.line_height &&
         cell.width() > kNarrowLinesMax * sheet.line_height;
}

/// A line that was read across a vertical rule belongs to two cells.
std::vector<Piece> split_at_rules(const Sheet& sheet, const RuledLines& rules) {
  std::vector<Piece> pieces;
  for (const Piece& piece : sheet.pieces) {
    Piece part = piece;
    part.signs.clear();
    part.text.clear();
    const auto close = [&] {
      if (part.signs.empty()) return;
      part.box = part.signs.front().box();
      for (const Sign& sign : part.signs) part.box = joined(part.box, sign.box());
      pieces.push_back(part);
      part.signs.clear();
      part.text.clear();
    };
    for (const Sign& sign : piece.signs) {
      if (!part.signs.empty()) {
        const Sign& before = part.signs.back();
        const double from = (before.x0 + before.x1) / 2, to = (sign.x0 + sign.x1) / 2;
        // A rule goes on above and below the line, or ends at another one there, as it does at
        // the top of a table; a stroke of a large title or of a seal does not.
        const double reach = sign.height * 0.7;
        const bool above = rules.divided(from, to, sign.y - reach);
        const bool below = rules.divided(from, to, sign.y + reach);
        const auto ends = [&](double edge) { return rules.underlined(from, to, sign.y, edge); };
        if (rules.divided(from, to, sign.y) && (above || below) &&
            (above || ends(sign.y - reach)) && (below || ends(sign.y + reach))) {
          close();
        }
      }
      part.signs.push_back(sign);
      part.text += sign.c;
    }
    if (part.signs.size() == piece.signs.size()) {
      pieces.push_back(piece);
    } else {
      close();
    }
  }
  return pieces;
}

/// Joins pieces of one or two characters that spell a label with what follows them.
class SpreadLabels {
 public:
  SpreadLabels(std::vector<Piece>& pieces, const LabelBook& book) : pieces_(pieces), book_(book) {}

  void join() {
    std::vector<int> all;
    for (int i = 0; i < static_cast<int>(pieces_.size()); ++i) all.push_back(i);
    for (const std::vector<int>& row : rows_of(pieces_, all)) {
      for (std::size_t first = 0; first + 1 < row.size(); ++first) join_from(row, first);
    }
    std::erase_if(pieces_, [](const Piece& piece) { return piece.signs.empty(); });
  }

 private:
  static constexpr std::size_t kPartsMax = 4;
  static constexpr double kReachEms = 6;

  Piece& at(int i) { return pieces_[static_cast<std::size_t>(i)]; }

  static bool is_word(const Sign& sign) {
    return is_hanzi(sign.c) || is_latin(sign.c) || is_digit(sign.c);
  }

  void join_from(const std::vector<int>& row, std::size_t first) {
    std::u32string text;
    std::size_t joined_until = first;
    int before = row[first];
    for (std::size_t i = first; i < std::min(row.size(), first + kPartsMax); ++i) {
      const Piece& piece = at(row[i]);
      if (piece.signs.empty()) return;
      if (i > first) {
        if (piece.box.left - at(before).box.right > kReachEms * at(before).em) break;
        const int label = book_.longest_at(text + piece.text, 0);
        if (label != LabelBook::kNone && book_.text(label).size() > text.size()) joined_until = i;
      }
      if (piece.signs.size() > 2) break;
      // Specks between the characters are passed over.
      for (const Sign& sign : piece.signs) {
        if (is_word(sign)) text += sign.c;
      }
      if (std::ranges::any_of(piece.signs, is_word)) before = row[i];
    }
    if (joined_until > first) join_until(row, first, joined_until);
  }

  void join_until(const std::vector<int>& row, std::size_t first, std::size_t last) {
    Piece& whole = at(row[first]);
    std::erase_if(whole.signs, [](const Sign& sign) { return !is_word(sign); });
    for (std::size_t i = first + 1; i <= last; ++i) {
      Piece& part = at(row[i]);
      if (i < last) std::erase_if(part.signs, [](const Sign& sign) { return !is_word(sign); });
      whole.signs.insert(whole.signs.end(), part.signs.begin(), part.signs.end());
      whole.box = joined(whole.box, part.box);
      part.signs.clear();
      part.text.clear();
    }
    whole.text.clear();
    for (const Sign& sign : whole.signs) whole.text += sign.c;
  }

  std::vector<Piece>& pieces_;
  const LabelBook& book_;
};

/// A speck, or a character of a seal, that was read beside sound text.
bool is_speck(const Piece& piece, double height, bool sound_text) {
  if (!piece.unsure || piece.signs.size() > 2) return false;
  return sound_text || piece.box.height() < 0.75 * height;
}

Block block_of(const std::vector<Piece>& pieces, std::vector<int> which, const Box* cell) {
  double height = 0;
  bool sound_text = false;
  for (int i : which) {
    const Piece& piece = pieces[static_cast<std::size_t>(i)];
    height = std::max(height, piece.box.height());
    sound_text = sound_text || (!piece.unsure && piece.signs.size() >= 3);
  }
  if (which.size() > 1) {
    std::vector<int> sound;
    for (int i : which) {
      if (!is_speck(pieces[static_cast<std::size_t>(i)], height, sound_text)) sound.push_back(i);
    }
    if (!sound.empty()) which = std::move(sound);
  }
  Block block;
  for (const std::vector<int>& row : rows_of(pieces, which)) {
    block.row_starts.push_back(block.signs.size());
    for (int i : row) {
      const Piece& piece = pieces[static_cast<std::size_t>(i)];
      const bool first = block.signs.empty();
      const std::size_t begin = block.signs.size();
      block.signs.insert(block.signs.end(), piece.signs.begin(), piece.signs.end());
      block.signs[begin].gap_before = true;
      block.text += piece.text;
      block.box = first ? piece.box : joined(block.box, piece.box);
      block.em = std::max(block.em, piece.em);
      block.unsure = block.unsure || piece.unsure;
      block.handwritten = block.handwritten || piece.handwritten;
    }
  }
  block.ruled = cell != nullptr;
  block.cell = cell != nullptr ? *cell : block.box;
  if (cell != nullptr) block.frame = *cell;
  return block;
}

bool on_one_height(const Block& a, const Block& b) {
  if (a.ruled && b.ruled) {
    // A cell that spans several rows lies beside each of them.
    const bool spans = overlap(a.cell.top, a.cell.bottom, b.cell.top, b.cell.bottom) > 0.6;
    const double y = a.centre_y();
    return spans && (y > b.cell.top && y < b.cell.bottom);
  }
  return overlap(a.box.top, a.box.bottom, b.box.top, b.box.bottom) > 0.4;
}

struct Stretch {
  double top = 0, bottom = 0;
};

/// From where to where a text that stands free reaches at some x: it may lie askew.
Stretch height_at(const Block& block, double x) {
  const Sign& nearest = *std::ranges::min_element(
      block.signs, {}, [&](const Sign& sign) { return std::abs((sign.x0 + sign.x1) / 2 - x); });
  return {nearest.y - nearest.height / 2, nearest.y + nearest.height / 2};
}

}  // namespace

std::vector<int> Blocks::all_right_of(int index) const {
  const Block& from = (*this)[index];
  std::vector<int> found;
  for (int i = 0; i < size(); ++i) {
    const Block& other = (*this)[i];
    if (i == index || other.centre_x() <= from.centre_x()) continue;
    if (other.box.left < from.box.right - 0.5 * line_height) continue;
    if (on_one_height(from, other)) found.push_back(i);
  }
  std::ranges::sort(found, {}, [&](int i) { return (*this)[i].box.left; });
  return found;
}

int Blocks::right_of(int index) const {
  const std::vector<int> all = all_right_of(index);
  return all.empty() ? -1 : all.front();
}

bool Blocks::empty_between(int left, int right) const {
  const Block& a = (*this)[left];
  const Block& b = (*this)[right];
  return a.ruled && b.ruled && b.cell.left > a.cell.right + line_height;
}

int Blocks::below(int index) const {
  const Block& from = (*this)[index];
  int best = -1;
  for (int i = 0; i < size(); ++i) {
    const Block& other = (*this)[i];
    if (i == index) continue;
    const bool both = from.ruled && other.ruled;
    const Box& a = both ? from.cell : from.box;
    const Box& b = both ? other.cell : other.box;
    if (overlap(a.left, a.right, b.left, b.right) < 0.5) continue;
    const double x = std::clamp(other.centre_x(), a.left, a.right);
    const Stretch above = both ? Stretch{a.top, a.bottom} : height_at(from, x);
    const Stretch own = both ? Stretch{b.top, b.bottom} : height_at(other, x);
    if (own.top + own.bottom <= above.top + above.bottom) continue;
    if (own.top < above.bottom - 0.4 * line_height) continue;
    if (best < 0 || other.box.top < (*this)[best].box.top) best = i;
  }
  if (best < 0) return -1;
  const Block& found = (*this)[best];
  const double gap = from.ruled && found.ruled ? found.cell.top - from.cell.bottom
                                               : found.box.top - from.box.bottom;
  return gap < 2 * line_height ? best : -1;
}

Blocks blocks_of(const Sheet& sheet, const RuledLines& rules, const LabelBook& book) {
  Blocks blocks;
  blocks.line_height = sheet.line_height;
  blocks.page_width = sheet.width;
  blocks.page_height = sheet.height;
  std::vector<Piece> pieces = rules.any() ? split_at_rules(sheet, rules) : sheet.pieces;
  SpreadLabels(pieces, book).join();

  std::vector<Cell> cells;
  for (int i = 0; i < static_cast<int>(pieces.size()); ++i) {
    const std::optional<Box> box = rules.cell_around(pieces[static_cast<std::size_t>(i)].box);
    if (!box || is_frame(*box, sheet)) {
      blocks.list.push_back(block_of(pieces, {i}, nullptr));
      blocks.list.back().frame = box;
      continue;
    }
    const double tolerance = std::max(4.0, 0.4 * sheet.line_height);
    const auto known = std::ranges::find_if(
        cells, [&](const Cell& cell) { return same_cell(cell.box, *box, tolerance); });
    if (known != cells.end()) {
      known->pieces.push_back(i);
    } else {
      cells.push_back({*box, {i}});
    }
  }
  for (const Cell& cell : cells) blocks.list.push_back(block_of(pieces, cell.pieces, &cell.box));
  std::ranges::sort(blocks.list, [&](const Block& a, const Block& b) {
    const double ay = std::floor(a.box.top / sheet.line_height);
    const double by = std::floor(b.box.top / sheet.line_height);
    return std::tie(ay, a.box.left) < std::tie(by, b.box.left);
  });
  return blocks;
}

}  // namespace archive::form
