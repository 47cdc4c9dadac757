#include "ocr/form/pairs.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/cell_roles.h"
#include "ocr/form/cells.h"
#include "ocr/form/fit.h"
#include "ocr/form/fold.h"
#include "ocr/form/indexing.h"
#include "ocr/form/label_lines.h"

// First the tables: every cell gets a role (cell_roles.h), and a label takes what stands
// right of it, or below it where it heads a column. Then the lines: inside a cell that holds
// labels and values, and in the text around the tables, a label takes the rest of its line
// and the lines that go on with it.

namespace archive::form {
namespace {

constexpr std::size_t kPairsMax = 400;
constexpr std::size_t kLinesOfValueMax = 40;
constexpr std::size_t kLabelsOfCellMax = 4;  // a cell with more is a page of its own

using Signs = std::vector<Sign>;

Box bounds(const Signs& signs) {
  Box box = signs.front().box();
  for (const Sign& sign : signs) box = joined(box, sign.box());
  return box;
}

Signs part(const Signs& signs, std::size_t begin, std::size_t end) {
  return {signs.begin() + static_cast<std::ptrdiff_t>(begin),
          signs.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::u32string text_of(const Signs& signs) {
  std::u32string text;
  for (const Sign& sign : signs) text += sign.c;
  return text;
}

double confidence_of(const Signs& signs) {
  double sum = 0;
  for (const Sign& sign : signs) sum += sign.confidence;
  return signs.empty() ? 0 : sum / static_cast<double>(signs.size());
}

void trim(Signs& signs) {
  const auto filler = [](const Sign& s) { return in(U":;,", s.c); };
  while (!signs.empty() && filler(signs.front())) signs.erase(signs.begin());
  while (!signs.empty() && (filler(signs.back()) || signs.back().c == U'*')) signs.pop_back();
}

bool is_figures(const Signs& signs) {
  return std::ranges::all_of(
      signs, [](const Sign& s) { return is_digit(s.c) || s.c == U'X' || s.c == U'x'; });
}

bool has_tick_box(std::u32string_view text) {
  return std::ranges::any_of(text, [](char32_t c) { return in(U"□☐☑☒■√✓", c); });
}

/// 2020年2月9日, or the blanks of it.
bool is_only_date(std::u32string_view text) {
  return text.find(U'年') != std::u32string_view::npos &&
         std::ranges::all_of(text, [](char32_t c) { return is_digit(c) || in(U"年月日时", c); });
}

/// 申请人签名, 单位盖章: a date below it is not what was asked for.
bool asks_for_signature(std::u32string_view label) {
  for (std::u32string_view word : {U"签名", U"签字", U"签章", U"盖章", U"公章"}) {
    if (label.find(word) != std::u32string_view::npos) return true;
  }
  return false;
}

class PairFinder {
 public:
  PairFinder(const Blocks& blocks, const RuledLines& rules, const LabelHits& hits,
             const LabelBook& book)
      : blocks_(blocks),
        hits_(hits),
        book_(book),
        cells_(blocks, rules, book),
        roles_(roles_of(cells_, blocks, hits, book)) {}

  std::vector<LabelledValue> find() {
    for (int i = 0; i < cells_.size(); ++i) {
      switch (roles_.of(i)) {
        case Role::heading:
          add(cells_[i].signs, column_of(i), roles_.sureness[at(i)]);
          break;
        case Role::label:
          add(cells_[i].signs, {value_of(i)}, roles_.sureness[at(i)]);
          break;
        case Role::mixed:
          add_lines(cells_[i].blocks, i);
          break;
        case Role::value:
          break;
      }
    }
    std::vector<int> free;
    for (int i = 0; i < blocks_.size(); ++i) {
      if (cells_.of_block(i) < 0) free.push_back(i);
    }
    add_lines(free, -1);
    return std::move(pairs_);
  }

 private:
  // -- Tables ----------------------------------------------------------------

  bool is_value(int cell) const { return roles_.of(cell) == Role::value; }

  std::vector<Signs> column_of(int heading) const {
    std::vector<Signs> values;
    for (int below = cells_.under(heading); below >= 0 && roles_.heading[at(below)] == heading;
         below = cells_.under(below)) {
      values.push_back(cells_[below].signs);
    }
    return values;
  }

  Signs value_of(int label) const {
    const std::vector<int>& right = cells_.right_of(label);
    // A label beside several rows that begin with labels is the heading of that part.
    if (!right.empty() && is_value(right.front())) {
      Signs signs = beside(label, right.front());
      if (right.size() > 1) {
        for (std::size_t i = 1; i < right.size() && is_value(right[i]); ++i) {
          const Signs more = beside(label, right[i]);
          signs.insert(signs.end(), more.begin(), more.end());
        }
      }
      if (!signs.empty() || roles_.heading[at(right.front())] < 0) return signs;
    }
    return below(label);
  }

  /// A cell that reaches over several labels gives each the rows on its height. Digits that
  /// have a cell each belong together.
  Signs beside(int label, int value) const {
    if (roles_.heading[at(value)] >= 0) return {};
    const Cell& cell = cells_[value];
    Signs signs;
    const auto labels = std::ranges::count_if(cells_.left_of(value),
                                              [&](int left) { return roles_.is_label(left); });
    for (const Sign& sign : cell.signs) {
      const Box& box = cells_[label].box;
      if (labels < 2 || (sign.y > box.top && sign.y < box.bottom)) signs.push_back(sign);
    }
    for (int next = value; is_figures(signs) && !signs.empty();) {
      const std::vector<int>& right = cells_.right_of(next);
      if (right.size() != 1 || !is_value(right.front())) break;
      next = right.front();
      if (!is_figures(cells_[next].signs)) break;
      signs.insert(signs.end(), cells_[next].signs.begin(), cells_[next].signs.end());
    }
    return signs;
  }

  /// A label with nothing beside it may stand above its value.
  Signs below(int label) const {
    const int below = cells_.under(label);
    if (below < 0 || !is_value(below) || roles_.heading[at(below)] >= 0) return {};
    const bool taken =
        std::ranges::any_of(cells_.left_of(below), [&](int left) { return roles_.is_label(left); });
    return taken ? Signs() : cells_[below].signs;
  }

  // -- Lines -----------------------------------------------------------------

  /// The labels in the lines of blocks; `cell` is the one around them, or -1.
  void add_lines(const std::vector<int>& which, int cell) {
    if (which.empty()) return;
    const std::vector<LabelLine> lines = label_lines(which, blocks_, hits_, book_);
    std::vector<bool> used(lines.size(), false);
    std::size_t labels = 0;
    for (const LabelLine& line : lines) labels += line.labels.size();
    const bool tight = cell >= 0 && labels <= kLabelsOfCellMax;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const LabelLine& line = lines[i];
      for (std::size_t k = 0; k < line.labels.size(); ++k) {
        const LineLabel& label = line.labels[k];
        const std::size_t end = line.value_end(k);
        Signs value = part(line.signs, label.end, end);
        if (end == line.signs.size()) go_on(lines, i, label, tight, value, used);
        if (value.empty() && end == line.signs.size()) {
          value = cell >= 0 ? value_beside(cell) : shifted(lines, i, used);
        }
        if (is_legend(value, tight)) continue;
        add(part(line.signs, label.begin, label.end), {value}, label.quality);
      }
    }
  }

  /// Notes that were printed: a list that begins with 1, or a hint in brackets.
  static bool is_legend(const Signs& value, bool tight) {
    constexpr std::size_t kHintMin = 8;
    const std::u32string text = text_of(value);
    if (text.size() < kHintMin) return false;
    const bool list = !tight && text.front() == U'1' && in(U"、.,", text[1]);
    const bool hint = text.front() == U'(' && text.find(U')') == text.size() - 1;
    return list || hint;
  }

  /// 5照片 beside 照片: a place for a picture, with its number.
  static bool repeats(const Signs& label, const Signs& value) {
    const std::u32string word = text_of(label), text = text_of(value);
    return text.find(word) != std::u32string::npos && text.size() < word.size() + 3;
  }

  /// What was typed beside a label, but too high or too low for its line.
  Signs shifted(const std::vector<LabelLine>& lines, std::size_t from,
                std::vector<bool>& used) const {
    const LabelLine& label = lines[from];
    for (std::size_t i : {from - 1, from + 1}) {
      if (i >= lines.size() || used[i] || !lines[i].labels.empty()) continue;
      const Box& box = lines[i].box;
      const bool near = box.left > label.box.right - label.em &&
                        box.left < label.box.right + 6 * label.em &&
                        box.bottom > label.box.top - 0.3 * label.em &&
                        box.top < label.box.bottom + 0.3 * label.em;
      if (!near) continue;
      used[i] = true;
      return lines[i].signs;
    }
    return {};
  }

  Signs value_beside(int cell) const {
    const std::vector<int>& right = cells_.right_of(cell);
    return right.size() == 1 && is_value(right.front()) ? cells_[right.front()].signs : Signs();
  }

  /// Adds the lines below that the value of a line's last label goes on in. In a cell with few
  /// labels (`tight`) that is all that stands below.
  void go_on(const std::vector<LabelLine>& lines, std::size_t from, const LineLabel& label,
             bool tight, Signs& value, std::vector<bool>& used) const {
    const bool signature = asks_for_signature(
        std::u32string_view(lines[from].text).substr(label.begin, label.end - label.begin));
    const LabelLine* before = &lines[from];
    std::size_t count = 0;
    for (std::size_t i = from + 1; i < lines.size() && count < kLinesOfValueMax; ++i, ++count) {
      const LabelLine& next = lines[i];
      if (!next.labels.empty() || used[i] || !label.colon) return;
      if (is_only_date(next.text) && (signature || !value.empty())) return;
      if (!follows(*before, next, lines[from], label, tight, value)) return;
      value.insert(value.end(), next.signs.begin(), next.signs.end());
      used[i] = true;
      before = &next;
    }
  }

  bool follows(const LabelLine& before, const LabelLine& next, const LabelLine& first,
               const LineLabel& label, bool tight, const Signs& value) const {
    const double em = first.em;
    const double gap = next.box.top - before.box.bottom;
    if (gap > (tight ? 4 : 1.2) * blocks_.line_height) return false;
    const double label_left = first.signs[label.begin].x0;
    if (value.empty()) return tight || next.box.left > label_left - em;
    if (has_tick_box(text_of(value)) && has_tick_box(next.text)) return true;
    if (tight) return true;
    const double left = value.front().x0;
    const bool longer = before.box.right > next.box.right - 2 * em;
    const bool full =
        before.box.right - left > 12 * em && (longer || before.box.right > right_margin() - 4 * em);
    const bool numbered = is_digit(value.front().c) && is_digit(next.text.front());
    return numbered ||
           (full && next.box.left < left + 3 * em && next.box.left > label_left - 3 * em);
  }

  /// 公民身份号码1 | 1010519...: the first of the cells with a digit each was read with the
  /// label.
  static void give_back_digit(Signs& label, Signs& value) {
    constexpr std::size_t kNumberMin = 10;
    if (label.size() < 3 || value.size() < kNumberMin || !is_figures(value)) return;
    if (!is_digit(label.back().c) || !is_hanzi(label[label.size() - 2].c)) return;
    value.insert(value.begin(), label.back());
    label.pop_back();
  }

  double right_margin() const {
    double right = 0;
    for (const Block& block : blocks_.list) right = std::max(right, block.box.right);
    return right;
  }

  void add(Signs label, std::vector<Signs> values, double quality) {
    trim(label);
    if (label.empty()) return;
    for (Signs& value : values) {
      trim(value);
      give_back_digit(label, value);
      if (value.empty() || repeats(label, value) || pairs_.size() >= kPairsMax) continue;
      LabelledValue pair;
      pair.label = printed_text(label);
      pair.value = printed_text(value);
      pair.label_quad = Quad::of(bounds(label));
      pair.value_quad = Quad::of(bounds(value));
      pair.confidence = quality * std::min(confidence_of(label), confidence_of(value));
      pairs_.push_back(std::move(pair));
    }
  }

  const Blocks& blocks_;
  const LabelHits& hits_;
  const LabelBook& book_;
  Cells cells_;
  CellRoles roles_;
  std::vector<LabelledValue> pairs_;
};

}  // namespace

std::vector<LabelledValue> pairs_of(const Blocks& blocks, const RuledLines& rules,
                                    const LabelHits& hits, const LabelBook& book) {
  return PairFinder(blocks, rules, hits, book).find();
}

}  // namespace archive::form
