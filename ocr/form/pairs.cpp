#include "ocr/form/pairs.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ocr/form/fit.h"
#include "ocr/form/fold.h"

// Which cells of a row are labels is decided for the whole row at once: each cell looks
// more or less like a label, and label, value, label, value is likelier than two of a
// kind side by side. The best sequence is found as in any chain of two states (Viterbi).

namespace archive::form {
namespace {

constexpr std::size_t kPairsMax = 400;
constexpr double kAlikePenalty = 0.9;  // two labels or two values side by side
constexpr double kValueFirstPenalty = 0.5;
constexpr double kLabelLastPenalty = 0.6;

Box bounds(const std::vector<Sign>& signs) {
  Box box = signs.front().box();
  for (const Sign& sign : signs) box = joined(box, sign.box());
  return box;
}

std::vector<Sign> part(const Block& block, std::size_t begin, std::size_t end) {
  return {block.signs.begin() + static_cast<std::ptrdiff_t>(begin),
          block.signs.begin() + static_cast<std::ptrdiff_t>(end)};
}

double confidence_of(const std::vector<Sign>& signs) {
  double sum = 0;
  for (const Sign& sign : signs) sum += sign.confidence;
  return signs.empty() ? 0 : sum / static_cast<double>(signs.size());
}

void trim(std::vector<Sign>& signs) {
  const auto filler = [](const Sign& s) { return s.c == U':' || s.c == U';' || s.c == U','; };
  while (!signs.empty() && filler(signs.front())) signs.erase(signs.begin());
  while (!signs.empty() && filler(signs.back())) signs.pop_back();
}

class PairFinder {
 public:
  PairFinder(const Blocks& blocks, const LabelHits& hits, const LabelBook& book)
      : blocks_(blocks), hits_(hits), book_(book) {}

  std::vector<LabelledValue> find() {
    right_.resize(static_cast<std::size_t>(blocks_.size()), -1);
    label_.resize(static_cast<std::size_t>(blocks_.size()), false);
    for (int i = 0; i < blocks_.size(); ++i) {
      right_[at(i)] = blocks_.right_of(i);
      label_[at(i)] = hits_.is_label(i) && hits_.begins_with_label(i);
    }
    decide_rows();
    for (int i = 0; i < blocks_.size(); ++i) {
      if (label_[at(i)]) {
        add(blocks_[i].signs, value_of(i), 0.8);
      } else {
        add_inside(i);
      }
    }
    return std::move(pairs_);
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }

  /// Rows of ruled cells, each from the cell that nothing stands left of.
  void decide_rows() {
    std::vector<bool> continued(right_.size(), false);
    for (int next : right_) {
      if (next >= 0) continued[at(next)] = true;
    }
    for (int i = 0; i < blocks_.size(); ++i) {
      if (continued[at(i)] || !blocks_[i].ruled) continue;
      std::vector<int> row;
      for (int next = i; next >= 0 && row.size() < 40; next = right_[at(next)]) row.push_back(next);
      decide(row);
    }
  }

  void decide(const std::vector<int>& row) {
    using Scores = std::array<double, 2>;  // as a value, as a label
    std::vector<std::array<int, 2>> from(row.size());
    Scores best{};
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double likeness = likeness_of(row[i]);
      const Scores own{std::log(1 - likeness), std::log(likeness)};
      Scores next{};
      for (std::size_t state : {0U, 1U}) {
        if (i == 0) {
          next[state] = own[state] - (state == 0 ? kValueFirstPenalty : 0);
          continue;
        }
        const double same = best[state] - kAlikePenalty, other = best[1 - state];
        next[state] = own[state] + std::max(same, other);
        from[i][state] = same > other ? static_cast<int>(state) : static_cast<int>(1 - state);
      }
      best = next;
    }
    const double last = heads_column(row.back()) ? 0 : kLabelLastPenalty;
    int state = best[1] - last > best[0] ? 1 : 0;
    for (std::size_t i = row.size(); i-- > 0;) {
      label_[at(row[i])] = state == 1;
      state = from[i][static_cast<std::size_t>(state)];
    }
  }

  double likeness_of(int block) const {
    const auto hits = hits_.in(block);
    // A cell that holds its label and its value together is neither.
    const bool both = !hits.empty() && !hits.front()->whole && hits.front()->colon;
    if (both) return 0.05;
    const double own = book_.label_likeness(blocks_[block].text);
    return heads_column(block) ? std::max(own, 0.85) : own;
  }

  /// The heading of a column looks like a label and stands above something that does not.
  bool heads_column(int block) const {
    const int below = blocks_.below(block);
    return below >= 0 && blocks_[below].ruled && book_.label_likeness(blocks_[block].text) > 0.6 &&
           book_.label_likeness(blocks_[below].text) < 0.35;
  }

  bool is_value(int block) const {
    return block >= 0 && !label_[at(block)] && !hits_.begins_with_label(block);
  }

  std::vector<Sign> value_of(int label) const {
    const int right = right_[at(label)];
    const bool near = right >= 0 && (blocks_[right].ruled || !blocks_[label].ruled);
    if (near && is_value(right)) return value_from(right);
    // Below a heading all cells of its column are its values.
    std::vector<Sign> signs;
    for (int below = blocks_.below(label), n = 0;
         is_value(below) && in_column(label, below) && n < 40; below = blocks_.below(below), ++n) {
      const std::vector<Sign>& more = blocks_[below].signs;
      signs.insert(signs.end(), more.begin(), more.end());
    }
    return signs;
  }

  /// A column of a ruled table keeps its width; without rules one value stands below.
  bool in_column(int heading, int below) const {
    const Block& a = blocks_[heading];
    const Block& b = blocks_[below];
    if (a.ruled != b.ruled) return false;
    if (!a.ruled) return below == blocks_.below(heading);
    const double tolerance = 0.6 * blocks_.line_height;
    return std::abs(a.cell.left - b.cell.left) < tolerance &&
           std::abs(a.cell.right - b.cell.right) < tolerance;
  }

  std::vector<Sign> value_from(int block) const {
    std::size_t stop = blocks_[block].signs.size();
    for (const LabelHit* other : hits_.in(block)) {
      if (other->begin > 0) stop = std::min(stop, other->begin);
    }
    return part(blocks_[block], 0, stop);
  }

  /// Labels inside a block: 姓名：张三 性别：男.
  void add_inside(int block) {
    for (const LabelHit* hit : hits_.in(block)) {
      if (!hit->colon && hit->quality < 0.75) continue;
      const std::size_t end = hits_.value_end(*hit, blocks_[block]);
      std::vector<Sign> value = part(blocks_[block], hit->end, end);
      if (value.empty() && end == blocks_[block].signs.size() && is_value(right_[at(block)])) {
        value = value_from(right_[at(block)]);
      }
      add(part(blocks_[block], hit->begin, hit->end), std::move(value), hit->quality);
    }
  }

  void add(std::vector<Sign> label, std::vector<Sign> value, double quality) {
    trim(label);
    trim(value);
    if (label.empty() || value.empty() || pairs_.size() >= kPairsMax) return;
    LabelledValue pair;
    pair.label = printed_text(label);
    pair.value = printed_text(value);
    pair.label_quad = Quad::of(bounds(label));
    pair.value_quad = Quad::of(bounds(value));
    pair.confidence = quality * std::min(confidence_of(label), confidence_of(value));
    pairs_.push_back(std::move(pair));
  }

  const Blocks& blocks_;
  const LabelHits& hits_;
  const LabelBook& book_;
  std::vector<int> right_;
  std::vector<bool> label_;
  std::vector<LabelledValue> pairs_;
};

}  // namespace

std::vector<LabelledValue> pairs_of(const Blocks& blocks, const LabelHits& hits,
                                    const LabelBook& book) {
  return PairFinder(blocks, hits, book).find();
}

}  // namespace archive::form
