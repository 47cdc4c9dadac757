#include "ocr/form/cells.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "core/digits.h"
#include "ocr/form/fold.h"
#include "ocr/form/indexing.h"

namespace archive::form {
namespace {

constexpr std::size_t kCellsMax = 2000;

bool inside(const Box& inner, const Box& outer, double tolerance) {
  return inner.left > outer.left - tolerance && inner.top > outer.top - tolerance &&
         inner.right < outer.right + tolerance && inner.bottom < outer.bottom + tolerance;
}

bool equal(const Box& a, const Box& b, double tolerance) {
  return inside(a, b, tolerance) && inside(b, a, tolerance);
}

/// Two looks at one cell, one of them past a rule that is hidden for a part.
bool same_cell(const Box& a, const Box& b, double tolerance) {
  constexpr double kShared = 0.8;
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return false;
  const double all = a.width() * a.height() + b.width() * b.height() - width * height;
  return equal(a, b, tolerance) || width * height > kShared * all;
}

Point centre(const Box& box) { return {(box.left + box.right) / 2, (box.top + box.bottom) / 2}; }

/// A frame is a cell when no ruled cell lies in it.
bool holds_cells(const Box& frame, const Blocks& blocks, double tolerance) {
  return std::ranges::any_of(blocks.list, [&](const Block& block) {
    return block.ruled && inside(block.cell, frame, tolerance) &&
           !equal(block.cell, frame, tolerance);
  });
}

/// Sets signs and text of a cell from rows of signs.
void set(Cell& cell, std::vector<std::vector<Sign>> rows) {
  cell.signs.clear();
  cell.text.clear();
  cell.row_starts.clear();
  for (std::vector<Sign>& row : rows) {
    std::ranges::stable_sort(row, {}, &Sign::x0);
    row.front().gap_before = true;
    cell.row_starts.push_back(cell.signs.size());
    cell.signs.insert(cell.signs.end(), row.begin(), row.end());
  }
  for (const Sign& sign : cell.signs) cell.text += sign.c;
}

/// The signs of lines that overlap in height, from top to bottom.
std::vector<std::vector<Sign>> rows_by_height(const std::vector<Sign>& signs) {
  std::vector<Sign> order = signs;
  std::ranges::stable_sort(order, {}, &Sign::y);
  std::vector<std::vector<Sign>> rows;
  for (const Sign& sign : order) {
    const bool goes_on =
        !rows.empty() &&
        sign.y - rows.back().front().y < 0.6 * std::max(sign.height, rows.back().front().height);
    if (!goes_on) rows.emplace_back();
    rows.back().push_back(sign);
  }
  return rows;
}

std::ptrdiff_t figures_in(const std::vector<Sign>& signs) {
  return std::ranges::count_if(signs, [](const Sign& sign) { return is_digit(sign.c); });
}

std::u32string text_of(const std::vector<Sign>& signs) {
  std::u32string text;
  for (const Sign& sign : signs) text += sign.c;
  return text;
}

/// A label by itself, not a line of one: 时间 may be either.
bool is_whole_label(const std::u32string& text, const LabelBook& book) {
  constexpr double kLabelLike = 0.6;
  constexpr std::size_t kSureLength = 4;
  const bool numbered = text.size() > 3 && is_digit(text.back());
  const std::u32string word = numbered ? text.substr(0, text.size() - 1) : text;
  if (word.size() < 3 || word.back() == U'、') return false;
  return book.exact(without_decoration(word)) != LabelBook::kNone ||
         (word.size() >= kSureLength && book.label_likeness(word) > kLabelLike);
}

/// Text that runs downwards.
bool is_column(const Block& block) {
  return block.signs.size() > 1 && block.box.height() > 1.5 * block.box.width();
}

}  // namespace

Cells::Cells(const Blocks& blocks, const RuledLines& rules, const LabelBook& book)
    : tolerance_(std::max(4.0, 0.4 * blocks.line_height)), of_block_(blocks.list.size(), -1) {
  add_text(blocks, rules);
  part_overlapping();
  take_overflow();
  add_empty(rules);
  link();
  split_columns();
  split_rows(book);
  split_at_label(book);
  link();
  find_rows();
}

void Cells::add_text(const Blocks& blocks, const RuledLines& rules) {
  for (int i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    std::optional<Box> box;
    if (block.ruled) {
      box = block.cell;
    } else if (block.frame) {
      if (!holds_cells(*block.frame, blocks, tolerance_)) box = block.frame;
    } else {
      box = rules.open_cell_around(block.box);
    }
    if (!box) continue;
    const auto known = std::ranges::find_if(
        list_, [&](const Cell& cell) { return same_cell(cell.box, *box, tolerance_); });
    const auto place = known - list_.begin();
    if (known == list_.end() && list_.size() >= kCellsMax) continue;
    if (known == list_.end()) list_.push_back({.box = *box});
    Cell& cell = list_[static_cast<std::size_t>(place)];
    cell.blocks.push_back(i);
    cell.row_starts = block.row_starts;  // of the only block, if there is no other
    cell.signs.insert(cell.signs.end(), block.signs.begin(), block.signs.end());
    cell.text += block.text;
    of_block_[at(i)] = static_cast<int>(place);
  }
  for (Cell& cell : list_) put_in_order(cell, blocks);
}

/// What is typed into print stands a little higher or lower than the print.
void Cells::put_in_order(Cell& cell, const Blocks& blocks) const {
  if (cell.blocks.size() > 1 &&
      std::ranges::all_of(cell.blocks, [&](int i) { return is_column(blocks[i]); })) {
    set(cell, {cell.signs});
    return;
  }
  const auto [top, bottom] = std::ranges::minmax(cell.signs, {}, &Sign::y);
  const bool one_row = bottom.y - top.y < 0.7 * top.height;
  if (one_row) {
    set(cell, {cell.signs});
  } else if (cell.blocks.size() > 1) {
    set(cell, rows_by_height(cell.signs));
  }
}

/// A text that was read across the rules between columns: its parts are apart, and figures
/// where figures stand above.
void Cells::split_columns() {
  for (int i = 0; i < static_cast<int>(list_.size()); ++i) {
    const Box box = list_[at(i)].box;
    std::vector<Cell> columns;
    for (const Cell& other : list_) {
      if (std::abs(other.box.bottom - box.top) < tolerance_ &&
          other.box.left > box.left - tolerance_ && other.box.right < box.right + tolerance_) {
        columns.push_back(other);
      }
    }
    std::ranges::sort(columns, {}, [](const Cell& cell) { return cell.box.left; });
    if (columns.size() < 2 || list_[at(i)].row_starts.size() != 1) continue;
    std::vector<std::vector<Sign>> parts(columns.size());
    bool apart = true;
    const Sign* before = nullptr;
    for (const Sign& sign : list_[at(i)].signs) {
      const double x = (sign.x0 + sign.x1) / 2;
      std::size_t column = 0;
      while (column + 1 < columns.size() && x > columns[column].box.right) ++column;
      const bool first = before != nullptr && parts[column].empty();
      apart = apart && (!first || sign.gap_before || sign.x0 > before->x1);
      parts[column].push_back(sign);
      before = &sign;
    }
    for (std::size_t k = 0; k < parts.size(); ++k) {
      apart = apart && !parts[k].empty() && figures_in(parts[k]) > 0 &&
              figures_in(columns[k].signs) > 0;
    }
    if (!apart) continue;
    for (std::size_t k = 0; k < parts.size(); ++k) {
      Cell cell{.box = {columns[k].box.left, box.top, columns[k].box.right, box.bottom},
                .blocks = list_[at(i)].blocks,
                .part = true};
      set(cell, {parts[k]});
      if (k == 0) list_[at(i)] = cell;
      if (k > 0) list_.push_back(std::move(cell));
    }
  }
}

/// Where the rows of a cell would have rules: at the cells beside it, or at the rows of the
/// one cell beside it. Nothing when they do not fit.
std::vector<Box> Cells::rows_beside(const Cell& whole, const std::vector<int>& beside) const {
  std::vector<Box> rows;
  if (beside.size() > 1) {
    for (int other : beside) rows.push_back(list_[at(other)].box);
  } else if (beside.size() == 1) {
    const Cell& other = list_[at(beside.front())];
    double top = whole.box.top;
    for (std::size_t row = 0; row < other.row_starts.size(); ++row) {
      const bool last = row + 1 == other.row_starts.size();
      const Sign& sign = other.signs[other.row_starts[row]];
      const double bottom =
          last ? whole.box.bottom : (sign.y + other.signs[other.row_starts[row + 1]].y) / 2;
      rows.push_back({whole.box.left, top, whole.box.right, bottom});
      top = bottom;
    }
  }
  if (rows.size() < 2 || rows.size() != whole.row_starts.size()) return {};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Sign& sign = whole.signs[whole.row_starts[row]];
    if (sign.y < rows[row].top || sign.y > rows[row].bottom) return {};
  }
  return rows;
}

/// Labels one below the other, each beside something of its own.
void Cells::split_rows(const LabelBook& book) {
  for (int i = 0; i < static_cast<int>(right_.size()); ++i) {
    for (const auto* beside : {&left_[at(i)], &right_[at(i)]}) {
      if (beside == &left_[at(i)] && beside->size() < 2) continue;
      const Cell whole = list_[at(i)];
      const std::vector<Box> rows = rows_beside(whole, *beside);
      std::vector<Cell> parts;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::size_t end =
            row + 1 < whole.row_starts.size() ? whole.row_starts[row + 1] : whole.signs.size();
        const std::vector<Sign> signs(
            whole.signs.begin() + static_cast<std::ptrdiff_t>(whole.row_starts[row]),
            whole.signs.begin() + static_cast<std::ptrdiff_t>(end));
        if (!is_whole_label(text_of(signs), book)) break;
        Cell cell{.box = {whole.box.left, rows[row].top, whole.box.right, rows[row].bottom},
                  .blocks = whole.blocks,
                  .part = true};
        set(cell, {signs});
        parts.push_back(std::move(cell));
      }
      if (parts.empty() || parts.size() != rows.size()) continue;
      list_[at(i)] = parts.front();
      list_.insert(list_.end(), parts.begin() + 1, parts.end());
      break;
    }
  }
}

/// 居民身份证证件号码: a value and the label beside it, with no rule seen between them.
void Cells::split_at_label(const LabelBook& book) {
  constexpr double kValueLike = 0.1, kLabelLike = 0.65;
  constexpr std::size_t kLabelMin = 2, kValueMin = 3;
  const std::size_t count = list_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Cell whole = list_[i];
    if (whole.row_starts.size() != 1) continue;
    for (std::size_t cut = kValueMin; cut + kLabelMin <= whole.text.size(); ++cut) {
      const std::u32string_view text = whole.text, value_text = text.substr(0, cut);
      const bool number = std::ranges::all_of(value_text, is_digit);
      const bool sure = number ? book.label_likeness(text.substr(cut)) > kLabelLike
                               : book.exact(text.substr(cut)) != LabelBook::kNone &&
                                     book.label_likeness(value_text) < kValueLike;
      if (!sure || text.find(U':') != text.npos) continue;
      const auto place = whole.signs.begin() + static_cast<std::ptrdiff_t>(cut);
      const double x = (place[-1].x1 + place->x0) / 2;
      Cell value{.box = {whole.box.left, whole.box.top, x, whole.box.bottom},
                 .blocks = whole.blocks,
                 .part = true};
      Cell label{.box = {x, whole.box.top, whole.box.right, whole.box.bottom},
                 .blocks = whole.blocks,
                 .part = true};
      set(value, {std::vector<Sign>(whole.signs.begin(), place)});
      set(label, {std::vector<Sign>(place, whole.signs.end())});
      list_[i] = std::move(value);
      list_.push_back(std::move(label));
      break;
    }
  }
}

/// Where writing hides the rule between two cells, the left one was seen too wide.
void Cells::part_overlapping() {
  for (Cell& a : list_) {
    for (const Cell& b : list_) {
      const bool level = std::abs(a.box.top - b.box.top) < 1.5 * tolerance_ &&
                         std::abs(a.box.bottom - b.box.bottom) < 1.5 * tolerance_;
      const bool within = b.box.left > a.box.left + tolerance_ && b.box.left < a.box.right &&
                          b.box.right < a.box.right + tolerance_;
      if (level && within && a.signs.back().x1 < b.box.left + tolerance_) a.box.right = b.box.left;
    }
  }
}

/// A long number that was written beyond the end of its cell goes on in the next one.
void Cells::take_overflow() {
  constexpr std::size_t kNumberMin = 8, kOverflowMax = 6;
  for (Cell& number : list_) {
    if (number.signs.size() < kNumberMin ||
        figures_in(number.signs) != static_cast<std::ptrdiff_t>(number.signs.size())) {
      continue;
    }
    for (Cell& next : list_) {
      if (next.empty()) continue;
      const Sign& last = number.signs.back();
      const Sign& first = next.signs.front();
      const bool goes_on = &next != &number && first.line == last.line && is_digit(first.c) &&
                           first.x0 > last.x0 && first.x0 - last.x1 < 0.5 * last.height;
      if (!goes_on) continue;
      const auto end = std::ranges::find_if_not(next.signs, is_digit, &Sign::c);
      if (end - next.signs.begin() > static_cast<std::ptrdiff_t>(kOverflowMax)) continue;
      std::vector<Sign> signs = number.signs;
      signs.insert(signs.end(), next.signs.begin(), end);
      const std::vector<Sign> rest(end, next.signs.end());
      set(number, {signs});
      if (rest.empty()) next = {.box = next.box};
      if (!rest.empty()) set(next, {rest});
      next.part = true;
      break;
    }
  }
}

void Cells::add_empty(const RuledLines& rules) {
  const std::size_t filled = list_.size();
  for (const Box& box : rules.enclosed()) {
    bool used = false;
    for (std::size_t i = 0; i < filled && !used; ++i) {
      used = box.contains(centre(list_[i].box)) || list_[i].box.contains(centre(box));
      for (const Sign& sign : list_[i].signs) used = used || box.contains(centre(sign.box()));
    }
    if (!used) list_.push_back({.box = box});
  }
}

void Cells::link() {
  right_.assign(list_.size(), {});
  left_.assign(list_.size(), {});
  under_.assign(list_.size(), -1);
  over_.assign(list_.size(), -1);
  for (int i = 0; i < size(); ++i) {
    for (int k = 0; k < size(); ++k) {
      const Box& a = list_[at(i)].box;
      const Box& b = list_[at(k)].box;
      if (i == k) continue;
      if (std::abs(b.left - a.right) < tolerance_ &&
          overlap(a.top, a.bottom, b.top, b.bottom) > 0.5) {
        right_[at(i)].push_back(k);
        left_[at(k)].push_back(i);
      }
      if (std::abs(b.top - a.bottom) < tolerance_ && std::abs(a.left - b.left) < tolerance_ &&
          std::abs(a.right - b.right) < tolerance_) {
        under_[at(i)] = k;
        over_[at(k)] = i;
      }
    }
  }
  const auto by_top = [&](int i) { return list_[at(i)].box.top; };
  for (auto* lists : {&right_, &left_}) {
    for (std::vector<int>& list : *lists) std::ranges::sort(list, {}, by_top);
  }
}

void Cells::find_rows() {
  std::vector<int> order(list_.size());
  for (int i = 0; i < size(); ++i) order[at(i)] = i;
  std::ranges::sort(order, {}, [&](int i) { return list_[at(i)].box.left; });
  std::vector<bool> placed(list_.size(), false);
  for (int first : order) {
    if (placed[at(first)]) continue;
    std::vector<int> row = {first};
    placed[at(first)] = true;
    for (int next : order) {
      const Box& a = list_[at(row.back())].box;
      const Box& b = list_[at(next)].box;
      const bool level = std::abs(a.top - b.top) < 1.5 * tolerance_ &&
                         std::abs(a.bottom - b.bottom) < 1.5 * tolerance_;
      if (placed[at(next)] || !level || b.left < a.right - tolerance_) continue;
      row.push_back(next);
      placed[at(next)] = true;
    }
    rows_.push_back(std::move(row));
  }
  std::ranges::sort(rows_, {}, [&](const std::vector<int>& row) {
    const Box& box = list_[at(row.front())].box;
    return std::tuple(box.top, box.left);
  });
}

}  // namespace archive::form
