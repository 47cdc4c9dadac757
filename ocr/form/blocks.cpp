#include "ocr/form/blocks.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace archive::form {
namespace {

// A cell larger than this is a frame around other things, not a cell of a table.
constexpr double kCellAreaMax = 0.22;    // of the page
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
  return cell.width() * cell.height() > kCellAreaMax * sheet.width * sheet.height ||
         cell.height() > kCellHeightMax * sheet.height;
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
        if (rules.divided(from, to, sign.y - sign.height * 0.2) &&
            rules.divided(from, to, sign.y + sign.height * 0.2)) {
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

/// A speck, or a character of a seal, that was read beside sound text.
bool is_speck(const Piece& piece, double height) {
  return piece.unsure && piece.signs.size() <= 2 && piece.box.height() < 0.75 * height;
}

Block block_of(const std::vector<Piece>& pieces, std::vector<int> which, const Box* cell) {
  double height = 0;
  for (int i : which) height = std::max(height, pieces[static_cast<std::size_t>(i)].box.height());
  if (which.size() > 1) {
    std::vector<int> sound;
    for (int i : which) {
      if (!is_speck(pieces[static_cast<std::size_t>(i)], height)) sound.push_back(i);
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
  return block;
}

bool on_one_height(const Block& a, const Block& b) {
  if (a.ruled && b.ruled) {
    // A cell that spans several rows lies beside each of them.
    const bool spans = overlap(a.cell.top, a.cell.bottom, b.cell.top, b.cell.bottom) > 0.6;
    const double y = a.centre_y();
    return spans && (y > b.cell.top && y < b.cell.bottom);
  }
  return overlap(a.box.top, a.box.bottom, b.box.top, b.box.bottom) > 0.5;
}

}  // namespace

int Blocks::right_of(int index, bool* skipped_empty) const {
  const Block& from = (*this)[index];
  int best = -1;
  for (int i = 0; i < size(); ++i) {
    const Block& other = (*this)[i];
    if (i == index || other.centre_x() <= from.centre_x()) continue;
    if (other.box.left < from.box.right - 0.5 * line_height) continue;
    if (!on_one_height(from, other)) continue;
    if (best < 0 || other.box.left < (*this)[best].box.left) best = i;
  }
  if (skipped_empty != nullptr) {
    *skipped_empty = best >= 0 && from.ruled && (*this)[best].ruled &&
                     (*this)[best].cell.left > from.cell.right + line_height;
  }
  return best;
}

int Blocks::below(int index) const {
  const Block& from = (*this)[index];
  int best = -1;
  for (int i = 0; i < size(); ++i) {
    const Block& other = (*this)[i];
    if (i == index || other.centre_y() <= from.centre_y()) continue;
    const bool both = from.ruled && other.ruled;
    const Box& a = both ? from.cell : from.box;
    const Box& b = both ? other.cell : other.box;
    if (b.top < a.bottom - 0.4 * line_height) continue;
    if (overlap(a.left, a.right, b.left, b.right) < 0.5) continue;
    if (best < 0 || other.box.top < (*this)[best].box.top) best = i;
  }
  if (best < 0) return -1;
  const Block& found = (*this)[best];
  const double gap = from.ruled && found.ruled ? found.cell.top - from.cell.bottom
                                               : found.box.top - from.box.bottom;
  return gap < 2 * line_height ? best : -1;
}

Blocks blocks_of(const Sheet& sheet, const RuledLines& rules) {
  Blocks blocks;
  blocks.line_height = sheet.line_height;
  blocks.page_width = sheet.width;
  blocks.page_height = sheet.height;
  const std::vector<Piece> pieces = rules.any() ? split_at_rules(sheet, rules) : sheet.pieces;

  std::vector<Cell> cells;
  for (int i = 0; i < static_cast<int>(pieces.size()); ++i) {
    const std::optional<Box> box = rules.cell_around(pieces[static_cast<std::size_t>(i)].box);
    if (!box || is_frame(*box, sheet)) {
      blocks.list.push_back(block_of(pieces, {i}, nullptr));
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
