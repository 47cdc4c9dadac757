#include "ocr/form/cell_roles.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/fold.h"
#include "ocr/form/indexing.h"

// Which cells of a row are labels is decided for the whole row at once: each cell looks
// more or less like a label, and label, value, label, value is likelier than two of a
// kind side by side. The best sequence is found as in any chain of two states (Viterbi).
// A row of headings over a table breaks that rule and is looked for first: labels side by
// side with nothing but values and empty cells of the same widths below them.

namespace archive::form {
namespace {

constexpr double kAlikePenalty = 0.9;  // two labels or two values side by side
constexpr double kValueFirstPenalty = 0.5;
constexpr double kLabelLastPenalty = 0.6;
constexpr double kColumnBonus = 0.5;  // what the cells above and below of one width are
constexpr double kLabelLike = 0.6, kValueLike = 0.12;
constexpr std::size_t kLabelRowMax = 24;
constexpr std::size_t kLongText = 30;  // characters: running text, no label

bool is_tick_box(char32_t c) { return in(U"□☐☑☒■√✓", c); }

/// 年　月　日, to be filled in.
bool is_blank_date(std::u32string_view text) {
  return std::ranges::all_of(text, [](char32_t c) { return in(U"年月日时至-", c); });
}

/// 姓　　名: print spreads a label over its cell; nobody writes so.
bool spread(const Cell& cell) {
  if (cell.signs.size() < 2 || cell.signs.size() > 4 || cell.row_starts.size() > 1) return false;
  return std::all_of(cell.signs.begin() + 1, cell.signs.end(),
                     [](const Sign& sign) { return sign.gap_before && is_hanzi(sign.c); });
}

/// 是否有亲友在本单位工作, 何时何地受过何种奖励?
bool is_question(std::u32string_view text) {
  const bool asks = text.starts_with(U"是否") || text.starts_with(U"有无") ||
                    text.starts_with(U"何时") || text.ends_with(U'?');
  return asks && text.size() >= 4;
}

/// A label with its number or unit: 定点医疗机构1, 身高cm.
std::u32string_view without_tail(std::u32string_view text) {
  std::size_t tail = 0;
  while (tail < 2 && tail < text.size() &&
         (is_digit(text[text.size() - 1 - tail]) || is_latin(text[text.size() - 1 - tail]))) {
    ++tail;
  }
  return text.size() - tail >= 2 ? text.substr(0, text.size() - tail) : text;
}

class RoleFinder {
 public:
  RoleFinder(const Cells& cells, const Blocks& blocks, const LabelHits& hits, const LabelBook& book)
      : cells_(cells), blocks_(blocks), hits_(hits), book_(book) {}

  CellRoles find() {
    const std::size_t count = cells_.list().size();
    roles_.role.assign(count, Role::value);
    roles_.sureness.assign(count, 0.5);
    roles_.heading.assign(count, -1);
    settled_.assign(count, false);
    for (int i = 0; i < cells_.size(); ++i) likeness_.push_back(likeness_of(cells_[i]));
    for (int i = 0; i < cells_.size(); ++i) {
      if (is_mixed(cells_[i]) && !is_essay(i)) settle(i, Role::mixed);
    }
    for (int i = 0; i < cells_.size(); ++i) follow_neighbour(i);
    for (const std::vector<int>& row : cells_.rows()) settle_headings(row);
    // The second pass knows what the first one made of the cells above and below.
    for (int pass = 0; pass < 2; ++pass) {
      decided_ = pass > 0;
      for (const std::vector<int>& row : cells_.rows()) decide(row);
    }
    return std::move(roles_);
  }

 private:
  void settle(int cell, Role role) {
    roles_.role[at(cell)] = role;
    roles_.sureness[at(cell)] = 0.9;
    settled_[at(cell)] = true;
  }

  std::vector<const LabelHit*> hits_in(const Cell& cell) const {
    std::vector<const LabelHit*> all;
    for (int block : cell.blocks) {
      for (const LabelHit* hit : hits_.in(block)) all.push_back(hit);
    }
    return all;
  }

  /// Labels with colons, or one at a gap, and something else beside them.
  bool is_mixed(const Cell& cell) const {
    if (cell.part) return false;
    for (const LabelHit* hit : hits_in(cell)) {
      const bool alone = hit->whole && cell.blocks.size() == 1;
      if (!alone && (hit->colon || label_and_value(*hit, blocks_[hit->block]))) return true;
    }
    // A label that is too long to be found in a block, above what was filled in.
    const std::size_t rows = cell.row_starts.size();
    return rows > 1 && cell.row_starts[1] <= kLabelRowMax &&
           cell.text[cell.row_starts[1] - 1] == U':';
  }

  /// A long text beside its label, though words with colons stand in it.
  bool is_essay(int cell) const {
    constexpr std::size_t kEssayMin = 60, kCharactersALabel = 40;
    const std::size_t size = cells_[cell].text.size();
    const bool labelled = std::ranges::any_of(
        cells_.left_of(cell), [&](int left) { return likeness_[at(left)] > kLabelLike; });
    return labelled && size > kEssayMin && hits_in(cells_[cell]).size() * kCharactersALabel < size;
  }

  /// 性别　男: what stands behind the gap looks like no label, and the label is not spread.
  bool label_and_value(const LabelHit& hit, const Block& block) const {
    if (hit.whole || hit.begin != 0 || hit.quality < 0.75 || hit.end >= block.signs.size()) {
      return false;
    }
    for (std::size_t i = 1; i < hit.end; ++i) {
      if (block.signs[i].gap_before) return false;
    }
    const std::u32string_view rest = std::u32string_view(block.text).substr(hit.end);
    return block.signs[hit.end].gap_before && without_tail(block.text).size() > hit.end &&
           book_.label_likeness(rest) < kLabelLike;
  }

  double likeness_of(const Cell& cell) const {
    if (cell.empty()) return 0.03;
    const std::u32string& text = cell.text;
    if (text.size() > kLongText || is_tick_box(text.front()) || is_blank_date(text)) return 0.03;
    const std::u32string_view core = without_decoration(text);
    if (is_question(core)) return 0.9;
    double likeness = book_.label_likeness(text);
    if (const std::u32string_view word = without_tail(core); word.size() < core.size()) {
      const double numbered = book_.label_likeness(word);
      likeness = std::max(likeness, numbered > kLabelLike ? numbered : 0.0);
    }
    if (core.size() < 2) return likeness;
    if (in(U"*★※", text.front())) likeness = std::max(likeness, 0.9);
    if (spread(cell)) likeness = std::max(likeness, 0.85);
    return likeness;
  }

  /// 委托代发银行名称 above 委托代发银行行号: what begins like the label beside it is one.
  void follow_neighbour(int cell) {
    constexpr std::size_t kSharedMin = 4;
    for (int other : {cells_.over(cell), cells_.under(cell)}) {
      if (other < 0 || likeness_[at(other)] < kLabelLike || likeness_[at(cell)] < kValueLike) {
        continue;
      }
      const std::u32string &a = cells_[cell].text, &b = cells_[other].text;
      const auto same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
      if (same >= kSharedMin) likeness_[at(cell)] = std::max(likeness_[at(cell)], 0.8);
    }
  }

  // -- Tables ----------------------------------------------------------------

  std::vector<int> under(const std::vector<int>& row) const {
    std::vector<int> below;
    for (int cell : row) below.push_back(cell < 0 ? -1 : cells_.under(cell));
    return below;
  }

  /// Cells of one width under most of a row, few of them labels. Once it is sure that there
  /// is a table, less is asked for.
  bool is_body(const std::vector<int>& row, bool table) const {
    std::size_t there = 0, labels = 0, mixed = 0;
    for (int cell : row) {
      if (cell < 0) continue;
      ++there;
      labels += likeness_[at(cell)] > kLabelLike ? 1 : 0;
      mixed += roles_.of(cell) == Role::mixed ? 1 : 0;
    }
    if (there < 2 || mixed > 0) return false;
    return table ? 2 * there >= row.size() && 2 * labels < there
                 : 10 * there >= 7 * row.size() && 3 * labels < there + 1;
  }

  bool may_head(const std::vector<int>& row) const {
    if (row.size() < 2) return false;
    std::size_t labels = 0;
    for (int cell : row) {
      if (cells_[cell].empty() || settled_[at(cell)] || likeness_[at(cell)] < kValueLike) {
        return false;
      }
      labels += likeness_[at(cell)] > kLabelLike ? 1 : 0;
    }
    return 2 * labels > row.size() || (2 * labels == row.size() && has_blank_row(row));
  }

  /// Only a table has rows that are left blank, label and all.
  bool has_blank_row(const std::vector<int>& heading) const {
    for (std::vector<int> row = under(heading); is_body(row, true); row = under(row)) {
      if (std::ranges::all_of(row, [&](int cell) { return cell < 0 || cells_[cell].empty(); })) {
        return true;
      }
    }
    return false;
  }

  void settle_headings(const std::vector<int>& row) {
    if (!may_head(row)) return;
    std::vector<int> body = under(row);
    if (!is_body(body, false)) return;
    for (int cell : row) settle(cell, Role::heading);
    for (; is_body(body, true); body = under(body)) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (body[i] < 0) continue;
        settle(body[i], Role::value);
        roles_.heading[at(body[i])] = row[i];
      }
    }
  }

  // -- Rows ------------------------------------------------------------------

  using Scores = std::array<double, 2>;  // as a value, as a label

  Scores own_scores(int cell) const {
    if (settled_[at(cell)]) {
      const bool label = roles_.is_label(cell);
      return {label ? -20.0 : 0.0, label ? 0.0 : -20.0};
    }
    const double likeness = likeness_[at(cell)];
    Scores own{std::log(1 - likeness), std::log(likeness)};
    for (int other : {cells_.under(cell), cells_.over(cell)}) {
      if (!decided_ || other < 0 || cells_[other].empty()) continue;
      own[roles_.is_label(other) ? 1 : 0] += kColumnBonus;
    }
    return own;
  }

  bool touch(int left, int right) const {
    return cells_[right].box.left - cells_[left].box.right < blocks_.line_height;
  }

  /// A label at the end of its row says what stands below it.
  bool heads_something(int cell) const {
    const int below = cells_.under(cell);
    return below >= 0 && likeness_[at(cell)] > kLabelLike && likeness_[at(below)] < 0.35;
  }

  void decide(const std::vector<int>& row) {
    std::vector<std::array<int, 2>> from(row.size());
    Scores best{};
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Scores own = own_scores(row[i]);
      Scores next{};
      for (std::size_t state : {0U, 1U}) {
        if (i == 0) {
          next[state] = own[state] - (state == 0 ? kValueFirstPenalty : 0);
          continue;
        }
        const double alike = touch(row[i - 1], row[i]) ? kAlikePenalty : 0;
        const double same = best[state] - alike, other = best[1 - state];
        next[state] = own[state] + std::max(same, other);
        from[i][state] = static_cast<int>(same > other ? state : 1 - state);
      }
      best = next;
    }
    const double last = heads_something(row.back()) ? 0 : kLabelLastPenalty;
    int state = best[1] - last > best[0] ? 1 : 0;
    const double lead = std::abs(best[1] - last - best[0]);
    for (std::size_t i = row.size(); i-- > 0;) {
      if (!settled_[at(row[i])]) {
        roles_.role[at(row[i])] = state == 1 ? Role::label : Role::value;
        roles_.sureness[at(row[i])] = 1 / (1 + std::exp(-lead));
      }
      state = from[i][static_cast<std::size_t>(state)];
    }
  }

  const Cells& cells_;
  const Blocks& blocks_;
  const LabelHits& hits_;
  const LabelBook& book_;
  std::vector<double> likeness_;
  std::vector<bool> settled_;
  bool decided_ = false;
  CellRoles roles_;
};

}  // namespace

CellRoles roles_of(const Cells& cells, const Blocks& blocks, const LabelHits& hits,
                   const LabelBook& book) {
  return RoleFinder(cells, blocks, hits, book).find();
}

}  // namespace archive::form
