#include "ocr/form/label_lines.h"

#include <algorithm>

#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr std::size_t kLabelMax = 24;     // characters before a colon
constexpr std::size_t kSentenceMin = 26;  // characters of a line that may be a sentence
constexpr double kLikeLabel = 0.65, kLikeValue = 0.5;

bool is_tick_box(char32_t c) { return in(U"□☐☑☒■√✓口〇○", c); }

/// A part of a block that lies in one row.
struct Part {
  int block = 0;
  std::size_t begin = 0, end = 0;
  Box box;
};

std::vector<Part> parts_of(const std::vector<int>& which, const Blocks& blocks) {
  std::vector<Part> parts;
  for (int index : which) {
    const Block& block = blocks[index];
    for (std::size_t row = 0; row < block.row_starts.size(); ++row) {
      const bool last = row + 1 == block.row_starts.size();
      Part part{
          index, block.row_starts[row], last ? block.signs.size() : block.row_starts[row + 1], {}};
      if (part.begin >= part.end) continue;
      part.box = block.signs[part.begin].box();
      for (std::size_t i = part.begin; i < part.end; ++i) {
        part.box = joined(part.box, block.signs[i].box());
      }
      parts.push_back(part);
    }
  }
  return parts;
}

/// Parts of one height, from left to right.
std::vector<std::vector<Part>> rows_of_parts(std::vector<Part> parts) {
  const auto middle = [](const Part& part) { return part.box.top + part.box.bottom; };
  std::ranges::stable_sort(parts, {}, middle);
  std::vector<std::vector<Part>> rows;
  for (const Part& part : parts) {
    std::vector<Part>* home = nullptr;
    for (std::size_t back = 0; back < std::min<std::size_t>(3, rows.size()); ++back) {
      std::vector<Part>& row = rows[rows.size() - 1 - back];
      const bool level = std::ranges::any_of(row, [&](const Part& other) {
        return overlap(part.box.top, part.box.bottom, other.box.top, other.box.bottom) > 0.5;
      });
      const bool free = std::ranges::none_of(row, [&](const Part& other) {
        return overlap(part.box.left, part.box.right, other.box.left, other.box.right) > 0.3;
      });
      if (level && free) home = &row;
    }
    if (home == nullptr) home = &rows.emplace_back();
    home->push_back(part);
  }
  for (std::vector<Part>& row : rows) {
    std::ranges::sort(row, {}, [](const Part& part) { return part.box.left; });
  }
  std::ranges::stable_sort(rows, {}, [](const std::vector<Part>& row) {
    double sum = 0;
    for (const Part& part : row) sum += part.box.top + part.box.bottom;
    return sum / static_cast<double>(row.size());
  });
  return rows;
}

class LineMaker {
 public:
  LineMaker(const Blocks& blocks, const LabelHits& hits, const LabelBook& book)
      : blocks_(blocks), hits_(hits), book_(book) {}

  LabelLine make(const std::vector<Part>& row) {
    line_ = {};
    line_.box = row.front().box;
    for (const Part& part : row) add(part);
    add_colons();
    reach_back();
    add_at_gaps();
    drop_doubtful();
    return std::move(line_);
  }

 private:
  void add(const Part& part) {
    const Block& block = blocks_[part.block];
    const std::size_t offset = line_.signs.size();
    for (std::size_t i = part.begin; i < part.end; ++i) {
      line_.signs.push_back(block.signs[i]);
      line_.text += block.signs[i].c;
    }
    line_.signs[offset].gap_before = true;
    line_.box = joined(line_.box, part.box);
    line_.em = std::max(line_.em, block.em);
    for (const LabelHit* hit : hits_.in(part.block)) {
      if (hit->begin < part.begin || hit->begin >= part.end) continue;
      if (!hit->colon && (hit->quality < 0.75 || is_spread(*hit, block))) continue;
      const std::size_t end = std::min(hit->end, part.end);
      line_.labels.push_back(
          {offset + hit->begin - part.begin, offset + end - part.begin, hit->colon, hit->quality});
    }
  }

  /// 条　形　码　区　域: the gap behind the first words says nothing.
  static bool is_spread(const LabelHit& hit, const Block& block) {
    if (hit.whole) return false;
    for (std::size_t i = hit.begin + 1; i < hit.end; ++i) {
      if (block.signs[i].gap_before) return true;
    }
    return false;
  }

  double gap_before(std::size_t sign) const {
    return sign == 0 ? 1e9 : (line_.signs[sign].x0 - line_.signs[sign - 1].x1) / line_.em;
  }

  bool is_word(std::size_t sign) const {
    return is_hanzi(line_.text[sign]) || in(U"()/、", line_.text[sign]);
  }

  /// Labels before colons that are too long or too far spread to be found in a block: 表　号：.
  void add_colons() {
    for (std::size_t colon = 1; colon < line_.text.size(); ++colon) {
      if (line_.text[colon] != U':' || covered(colon - 1, colon + 1)) continue;
      std::size_t begin = colon;
      while (begin > 0 && colon - begin < kLabelMax && is_word(begin - 1) &&
             !is_tick_box(line_.text[begin - 1]) && !covered(begin - 1, begin)) {
        --begin;
        const bool lone = colon - begin == 1 && begin > 0 && gap_before(begin) < 6;
        if (line_.signs[begin].gap_before && !lone) break;
      }
      if (colon - begin >= 2) line_.labels.push_back({begin, colon + 1, true, 0.7});
    }
    std::ranges::sort(line_.labels, {}, &LineLabel::begin);
  }

  /// A label with a colon is all that stands before it up to a gap: 社保经(代)办机构.
  void reach_back() {
    for (std::size_t i = 0; i < line_.labels.size(); ++i) {
      LineLabel& label = line_.labels[i];
      const std::size_t least = i == 0 ? 0 : line_.labels[i - 1].end;
      std::size_t begin = label.begin;
      while (label.colon && begin > least && label.end - begin < kLabelMax) {
        const bool bracket = line_.text[begin] == U'(' || line_.text[begin - 1] == U')';
        if (line_.signs[begin].gap_before && !(bracket && gap_before(begin) < 1.5)) break;
        if (!is_word(begin - 1) || is_tick_box(line_.text[begin - 1])) break;
        --begin;
      }
      while (begin < label.begin && line_.text[begin] == U'、') ++begin;
      const std::size_t number = number_before(begin, least);
      if (number == 0 || line_.signs[number].gap_before) label.begin = number;
    }
  }

  /// 1、, C、, ◆ and * before a label at the line's beginning belong to it.
  std::size_t number_before(std::size_t label, std::size_t least) const {
    if (label == least || !in(U"、.*◆●★※", line_.text[label - 1])) return label;
    std::size_t begin = label;
    while (begin > least && label - begin < 3) {
      const char32_t c = line_.text[begin - 1];
      if (!is_digit(c) && !is_latin(c) && !in(U"、.*◆●★※一二三四五六七八九十", c)) break;
      --begin;
    }
    return begin;
  }

  bool covered(std::size_t begin, std::size_t end) const {
    return std::ranges::any_of(line_.labels, [&](const LineLabel& label) {
      return begin < label.end && label.begin < end;
    });
  }

  std::vector<std::size_t> runs() const {
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < line_.signs.size(); ++i) {
      if (line_.signs[i].gap_before) starts.push_back(i);
    }
    starts.push_back(line_.signs.size());
    return starts;
  }

  double likeness(std::size_t begin, std::size_t end) const {
    const std::u32string_view run = std::u32string_view(line_.text).substr(begin, end - begin);
    const double likeness = book_.label_likeness(run);
    return run.front() == U'*' && run.size() > 2 ? std::max(likeness, 0.9) : likeness;
  }

  /// 工作部门市场部: a label and a value that was typed close behind it.
  std::size_t largest_gap(std::size_t begin, std::size_t end) const {
    constexpr double kGapMin = 0.12;
    std::size_t best = end;
    double most = kGapMin;
    for (std::size_t i = begin + 2; i + 1 < end; ++i) {
      if (gap_before(i) < most) continue;
      most = gap_before(i);
      best = i;
    }
    return best;
  }

  void add_close(std::size_t begin, std::size_t end) {
    constexpr std::size_t kRunMax = 12;
    if (end - begin > kRunMax || covered(begin, end) || is_tick_box(line_.text[begin])) return;
    const std::size_t cut = largest_gap(begin, end);
    if (cut == end || likeness(begin, cut) < kLikeLabel || likeness(cut, end) > kLikeValue) return;
    line_.labels.push_back({begin, cut, false, 0.5});
  }

  /// 工作部门　市场部: what looks like a label beside what does not.
  void add_at_gaps() {
    const std::vector<std::size_t> starts = runs();
    for (std::size_t i = 0; i + 2 < starts.size(); ++i) {
      const std::size_t begin = starts[i], end = starts[i + 1], next = starts[i + 2];
      if (covered(begin, end) || is_tick_box(line_.text[begin])) continue;
      if (likeness(begin, end) < kLikeLabel || likeness(end, next) > kLikeValue) continue;
      if (covered(end, next)) continue;
      line_.labels.push_back({begin, end, false, 0.6});
    }
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) add_close(starts[i], starts[i + 1]);
    std::ranges::sort(line_.labels, {}, &LineLabel::begin);
  }

  void drop_doubtful() {
    std::vector<LineLabel> kept;
    for (const LineLabel& label : line_.labels) {
      const bool option = is_tick_box(line_.text[label.begin]) ||
                          (label.begin > 0 && is_tick_box(line_.text[label.begin - 1]));
      const std::size_t from = kept.empty() ? 0 : kept.back().end;
      const auto between =
          std::u32string_view(line_.text).substr(from, label.end - std::min(from, label.end));
      const auto open = std::ranges::count(between, U'('),
                 close = std::ranges::count(between, U')');
      const bool sentence = !label.colon && line_.text.size() > kSentenceMin &&
                            line_.text.find_first_of(U",。;") != std::u32string::npos;
      if (option || open > close || sentence) continue;
      kept.push_back(label);
    }
    line_.labels = std::move(kept);
  }

  const Blocks& blocks_;
  const LabelHits& hits_;
  const LabelBook& book_;
  LabelLine line_;
};

}  // namespace

std::size_t LabelLine::value_end(std::size_t label) const {
  constexpr double kAwayEms = 12;
  const std::size_t end = label + 1 < labels.size() ? labels[label + 1].begin : signs.size();
  for (std::size_t i = labels[label].end + 1; i < end; ++i) {
    if (signs[i].x0 - signs[i - 1].x1 > kAwayEms * em) return i;
  }
  return end;
}

std::vector<LabelLine> label_lines(const std::vector<int>& which, const Blocks& blocks,
                                   const LabelHits& hits, const LabelBook& book) {
  std::vector<LabelLine> lines;
  LineMaker maker(blocks, hits, book);
  for (const auto& row : rows_of_parts(parts_of(which, blocks))) lines.push_back(maker.make(row));
  return lines;
}

}  // namespace archive::form
