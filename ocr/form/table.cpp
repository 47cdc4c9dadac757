#include "ocr/form/table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/utf8.h"
#include "ocr/form/column_content.h"
#include "ocr/form/fold.h"
#include "ocr/form/indexing.h"

namespace archive::form {
namespace {

constexpr double kHeadingQualityMin = 0.5;
constexpr double kByContent = 0.8;        // quality of a column without a heading that was read
constexpr int kRowsToCompare = 2;         // so many say how much a row usually holds
constexpr std::ptrdiff_t kScrapMost = 2;  // characters before a heading

/// A heading of a column.
struct Heading {
  int block = 0;
  int field = -1;  // -1: a column nobody asked for
  double quality = 0;
  double left = 0, right = 0;
};

struct Row {
  double top = 0, bottom = 0;
  std::vector<int> blocks;
};

class TableFinder {
 public:
  TableFinder(const FormDescription& form, int form_index, const Blocks& blocks,
              const LabelHits& hits, const LabelBook& book)
      : form_(form), form_index_(form_index), blocks_(blocks), hits_(hits), book_(book) {}

  Table find() {
    table_.taken.assign(at(blocks_.size()), false);
    if (std::ranges::none_of(form_.fields, &FieldDescription::row)) return std::move(table_);
    find_headings();
    if (headings_.empty()) return std::move(table_);
    find_columns();
    name_by_content();
    for (const Row& row : rows_below()) {
      if (ends_table(row)) {
        take_totals(row);
        break;
      }
      take_row(row);
    }
    doubt_columns(form_, book_, table_.values);
    return std::move(table_);
  }

 private:
  bool wanted(const FieldDescription& field) const { return field.row; }

  /// The labels a whole block may be. A tick or a figure in front of one is a rule, or a piece of
  /// a seal.
  std::vector<LabelBook::Match> labels_in(int block) const {
    const std::u32string_view text = blocks_[block].text;
    std::vector<LabelBook::Match> matches = book_.whole(text);
    const auto words = std::ranges::find_if(text, is_hanzi) - text.begin();
    if (!matches.empty() || words == 0 || words > kScrapMost) return matches;
    return book_.whole(text.substr(static_cast<std::size_t>(words)));
  }

  /// The row field a whole block is a heading of, with its quality.
  Heading heading_of(int block) const {
    Heading best{block, -1, 0, 0, 0};
    int best_rank = 0;
    for (const LabelBook::Match& match : labels_in(block)) {
      for (const LabelUse& use : book_.uses(match.label)) {
        if (use.form != form_index_ || !wanted(form_.fields[at(use.field)])) continue;
        if (match.quality > best.quality + 1e-6 ||
            (match.quality > best.quality - 1e-6 && use.rank < best_rank)) {
          best.field = use.field;
          best.quality = match.quality;
          best_rank = use.rank;
        }
      }
    }
    if (best.quality < kHeadingQualityMin) best.field = -1;
    return best;
  }

  bool one_band(const Block& a, const Block& b) const {
    if (a.ruled && b.ruled)
      return overlap(a.cell.top, a.cell.bottom, b.cell.top, b.cell.bottom) > 0.5;
    return overlap(a.box.top, a.box.bottom, b.box.top, b.box.bottom) > 0.4;
  }

  /// Tries every heading as the middle of the band and keeps the band with most fields.
  void find_headings() {
    std::vector<Heading> found;
    for (int i = 0; i < blocks_.size(); ++i) {
      const Heading heading = heading_of(i);
      if (heading.field >= 0) found.push_back(heading);
    }
    double best_score = 0;
    for (const Heading& middle : found) {
      std::map<int, Heading> band;  // the best block for each field
      for (const Heading& other : found) {
        if (!one_band(blocks_[middle.block], blocks_[other.block])) continue;
        const auto [place, fresh] = band.emplace(other.field, other);
        if (!fresh && other.quality > place->second.quality) place->second = other;
      }
      double score = 0;
      for (const auto& [field, heading] : band) score += heading.quality;
      if (score > best_score + 1e-6) {
        best_score = score;
        headings_.clear();
        for (const auto& [field, heading] : band) headings_.push_back(heading);
      }
    }
    const auto rows = std::ranges::count_if(form_.fields, &FieldDescription::row);
    if (headings_.size() < std::min<std::size_t>(2, static_cast<std::size_t>(rows))) {
      headings_.clear();
    }
    for (const Heading& heading : headings_) {
      const int label = labels_in(heading.block).front().label;
      table_.label_weight += book_.weight(label);
    }
  }

  void find_columns() {
    Box band = blocks_[headings_.front().block].cell;
    for (const Heading& heading : headings_) band = joined(band, blocks_[heading.block].cell);
    std::vector<Heading> all;
    for (int i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      const auto known = std::ranges::find(headings_, i, &Heading::block);
      const bool in_band = block.centre_y() > band.top && block.centre_y() < band.bottom;
      if (known == headings_.end() && (!in_band || covers_heading(block))) continue;
      Heading heading = known == headings_.end() ? Heading{i, -1, 0, 0, 0} : *known;
      heading.left = block.cell.left;
      heading.right = block.cell.right;
      table_.taken[at(i)] = true;
      all.push_back(heading);
    }
    top_ = bottom_of_headings();
    std::ranges::sort(all, {}, [&](const Heading& h) { return blocks_[h.block].centre_x(); });
    part_columns(all);
    // Free headings are narrower than their columns: these meet halfway.
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (blocks_[all[i].block].ruled) continue;
      const double left = i == 0 ? 0 : blocks_[all[i - 1].block].cell.right;
      const double right =
          i + 1 == all.size() ? blocks_.page_width : blocks_[all[i + 1].block].cell.left;
      all[i].left = i == 0 ? 0 : (left + blocks_[all[i].block].box.left) / 2;
      all[i].right =
          i + 1 == all.size() ? blocks_.page_width : (right + blocks_[all[i].block].box.right) / 2;
    }
    columns_ = std::move(all);
    ruled_ = blocks_[headings_.front().block].ruled;
  }

  /// Where the rows begin. A cell whose lower rule is hidden by a seal reaches into the first
  /// row: it does not count when most of the headings end above.
  double bottom_of_headings() const {
    std::vector<double> bottoms;
    for (const Heading& heading : headings_) bottoms.push_back(blocks_[heading.block].cell.bottom);
    std::ranges::sort(bottoms);
    const double usual = bottoms[(bottoms.size() - 1) / 2];
    double lowest = usual;
    for (const double bottom : bottoms) {
      if (bottom < usual + blocks_.line_height) lowest = std::max(lowest, bottom);
    }
    return lowest;
  }

  /// Where a rule was not seen, two columns overlap: they meet between their headings.
  void part_columns(std::vector<Heading>& columns) const {
    for (std::size_t i = 0; i + 1 < columns.size(); ++i) {
      Heading& a = columns[i];
      Heading& b = columns[i + 1];
      if (a.right <= b.left + blocks_.line_height) continue;
      const double middle = (blocks_[a.block].box.right + blocks_[b.block].box.left) / 2;
      const double edge = b.left > blocks_[a.block].centre_x() ? b.left : middle;
      a.right = std::min(a.right, edge);
      b.left = std::max(b.left, a.right);
    }
  }

  /// A column whose heading could not be read tells by its numbers what it is.
  void name_by_content() {
    std::vector<std::vector<const Block*>> under(columns_.size());
    for (int i = 0; i < blocks_.size(); ++i) {
      const int column = blocks_[i].centre_y() > top_ ? column_of(blocks_[i]) : -1;
      if (column >= 0) under[at(column)].push_back(&blocks_[i]);
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].field >= 0) continue;
      const int field = self_proving_field(form_, under[i]);
      if (field < 0 || std::ranges::count(columns_, field, &Heading::field) > 0) continue;
      columns_[i].field = field;
      columns_[i].quality = kByContent;
    }
  }

  /// Scraps of a seal between the headings are no columns of their own.
  bool covers_heading(const Block& block) const {
    return std::ranges::any_of(headings_, [&](const Heading& heading) {
      const Block& known = blocks_[heading.block];
      return overlap(known.box.left, known.box.right, block.cell.left, block.cell.right) > 0.3;
    });
  }

  /// The column a block lies under, or -1.
  int column_of(const Block& block) const {
    int best = -1;
    double most = 0.3;
    for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
      const Heading& column = columns_[at(i)];
      const double share = overlap(block.box.left, block.box.right, column.left, column.right);
      if (share > most) {
        most = share;
        best = i;
      }
    }
    return best;
  }

  std::vector<int> blocks_below() const {
    std::vector<int> below;
    const double left = columns_.front().left - blocks_.line_height;
    const double right = columns_.back().right + blocks_.line_height;
    for (int i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      if (table_.taken[at(i)] || block.centre_y() < top_) continue;
      if (block.centre_x() < left || block.centre_x() > right) continue;
      below.push_back(i);
    }
    std::ranges::sort(below, {}, [&](int i) { return blocks_[i].centre_y(); });
    return below;
  }

  std::vector<Row> rows_below() const { return ruled_ ? ruled_rows() : anchored_rows(); }

  std::vector<Row> ruled_rows() const {
    std::vector<Row> rows;
    for (int i : blocks_below()) {
      const Block& block = blocks_[i];
      const Box& extent = block.ruled ? block.cell : block.box;
      Row* home = nullptr;
      for (Row& row : rows) {
        const bool inside = block.centre_y() > row.top && block.centre_y() < row.bottom;
        if (inside || overlap(extent.top, extent.bottom, row.top, row.bottom) > 0.6) home = &row;
      }
      if (home == nullptr) {
        rows.push_back({extent.top, extent.bottom, {i}});
      } else {
        home->blocks.push_back(i);
      }
    }
    return rows;
  }

  /// Without rules the column that shows most figures or dates tells where the rows are;
  /// what else stands nearest to one of them belongs to it, however many lines it has.
  std::vector<Row> anchored_rows() const {
    const std::vector<int> below = blocks_below();
    std::vector<Row> rows;
    for (int i : anchors_of(below)) rows.push_back({blocks_[i].centre_y(), 0, {i}});
    cut_at_gap(rows);
    if (rows.empty()) return rows;
    const double pitch = rows.size() < 2 ? 3 * blocks_.line_height
                                         : (rows.back().top - rows.front().top) /
                                               static_cast<double>(rows.size() - 1);
    for (int i : below) {
      const auto distance = [&](const Row& row) {
        return std::abs(row.top - blocks_[i].centre_y());
      };
      const auto nearest = std::ranges::min_element(rows, {}, distance);
      if (nearest->blocks.front() == i || distance(*nearest) > 0.6 * pitch) continue;
      nearest->blocks.push_back(i);
    }
    return rows;
  }

  /// The blocks of the column with most values of its type, from top to bottom.
  std::vector<int> anchors_of(const std::vector<int>& below) const {
    std::map<int, std::vector<int>> by_column;
    for (int i : below) {
      if (fits_type(i)) by_column[column_of(blocks_[i])].push_back(i);
    }
    std::vector<int> best;
    for (const auto& [column, blocks] : by_column) {
      if (blocks.size() > best.size()) best = blocks;
    }
    return best;
  }

  /// A table ends where a gap is much wider than between its rows.
  static void cut_at_gap(std::vector<Row>& rows) {
    std::vector<double> steps;
    for (std::size_t i = 1; i < rows.size(); ++i) steps.push_back(rows[i].top - rows[i - 1].top);
    if (steps.size() < 2) return;
    std::vector<double> sorted = steps;
    std::ranges::sort(sorted);
    const double usual = sorted[sorted.size() / 2];
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i] > 2.6 * usual) {
        rows.resize(i + 1);
        return;
      }
    }
  }

  bool fits_type(int block) const {
    const int column = column_of(blocks_[block]);
    if (column < 0 || columns_[at(column)].field < 0) return false;
    const FieldDescription& field = form_.fields[at(columns_[at(column)].field)];
    if (field.type == ValueType::text || field.type == ValueType::address) return false;
    const auto value = fit(field, blocks_[block].signs);
    return value && value->fit > 0.5;
  }

  bool ends_table(const Row& row) const {
    for (int i : row.blocks) {
      const std::u32string_view core = without_decoration(blocks_[i].text);
      for (const std::u32string_view word : {U"合计", U"总计", U"小计", U"共计"}) {
        if (core.starts_with(word) || core.ends_with(word)) return true;
      }
      // A label of the form that is no heading: the table is over.
      for (const LabelHit* hit : hits_.in(i)) {
        if (!hit->whole && !hit->colon) continue;
        if (hit->quality < 0.85) continue;
        if (stands_for_single_field(*hit)) return true;
      }
    }
    return false;
  }

  bool stands_for_single_field(const LabelHit& hit) const {
    bool single = hit.matches.empty() && hit.colon;
    for (const LabelBook::Match& match : hit.matches) {
      for (const LabelUse& use : book_.uses(match.label)) {
        if (use.form == form_index_ && !form_.fields[at(use.field)].row) single = true;
      }
      if (book_.uses(match.label).empty() && hit.colon) single = true;
    }
    return single;
  }

  /// The signs of all blocks of a row under one column, in reading order.
  std::vector<Sign> cell_text(const Row& row, int column, bool* handwritten) const {
    std::vector<int> own;
    for (int i : row.blocks) {
      if (column_of(blocks_[i]) == column) own.push_back(i);
    }
    std::vector<Box> boxes;
    for (int i : own) boxes.push_back(blocks_[i].box);
    std::vector<Sign> signs;
    for (const std::vector<int>& line : rows_of(boxes)) {
      for (int i : line) {
        const Block& block = blocks_[own[at(i)]];
        signs.insert(signs.end(), block.signs.begin(), block.signs.end());
        *handwritten = *handwritten || block.handwritten;
      }
    }
    return signs;
  }

  void take_row(const Row& row) {
    std::vector<TableValue> values;
    int sound = 0;
    for (int c = 0; c < static_cast<int>(columns_.size()); ++c) {
      const Heading& column = columns_[at(c)];
      if (column.field < 0) continue;
      bool handwritten = false;
      const std::vector<Sign> signs = cell_text(row, c, &handwritten);
      auto value = fit(form_.fields[at(column.field)], signs);
      if (!value || value->fit < 0.2) continue;
      sound += value->fit >= 0.5 ? 1 : 0;
      values.push_back({column.field, row_, std::move(*value), column.quality, handwritten});
    }
    // A note below the table, or a date, may fall into one or two columns; a row fills more.
    if (sound == 0 || (values.size() < 2 && headings_.size() > 2)) return;
    if (row_ >= kRowsToCompare && values.size() * 2 * at(row_) < table_.values.size()) return;
    for (int i : row.blocks) table_.taken[at(i)] = true;
    for (TableValue& value : values) table_.values.push_back(std::move(value));
    ++row_;
  }

  void take_totals(const Row& row) {
    for (int f = 0; f < static_cast<int>(form_.fields.size()); ++f) {
      const FieldDescription& field = form_.fields[at(f)];
      if (field.total_of.empty()) continue;
      for (int c = 0; c < static_cast<int>(columns_.size()); ++c) {
        const Heading& column = columns_[at(c)];
        if (column.field < 0 || form_.fields[at(column.field)].id != field.total_of) continue;
        bool handwritten = false;
        const std::vector<Sign> signs = cell_text(row, c, &handwritten);
        if (auto value = fit(field, signs); value && value->fit > 0.3) {
          table_.values.push_back({f, -1, std::move(*value), column.quality, handwritten});
        }
      }
    }
  }

  const FormDescription& form_;
  int form_index_;
  const Blocks& blocks_;
  const LabelHits& hits_;
  const LabelBook& book_;
  std::vector<Heading> headings_;  // of wanted columns
  std::vector<Heading> columns_;   // all, from left to right
  double top_ = 0;                 // where the rows begin
  bool ruled_ = false;
  int row_ = 0;
  Table table_;
};

}  // namespace

Table table_of(const FormDescription& form, int form_index, const Blocks& blocks,
               const LabelHits& hits, const LabelBook& book) {
  return TableFinder(form, form_index, blocks, hits, book).find();
}

}  // namespace archive::form
