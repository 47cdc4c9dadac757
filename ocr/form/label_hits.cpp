#include "ocr/form/label_hits.h"

#include <algorithm>

#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

// A cell with more characters than this holds text, not a label.
constexpr std::size_t kWholeLengthMax = 26;
constexpr std::size_t kUnknownLabelMax = 12;
constexpr std::size_t kBracketMax = 14;
constexpr std::size_t kCardLineMax = 12;
constexpr std::ptrdiff_t kSentenceMin = 18;

/// The end of a bracket that opens at `at`, or `at` when none closes near.
std::size_t after_bracket(std::u32string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != U'(') return at;
  const auto close = text.find(U')', at);
  return close == std::u32string_view::npos || close - at > kBracketMax ? at : close + 1;
}

/// The place before a bracket that closes at `end`.
std::size_t before_bracket(std::u32string_view text, std::size_t end) {
  if (end == 0 || text[end - 1] != U')') return end;
  const auto open = text.rfind(U'(', end - 1);
  return open == std::u32string_view::npos || end - open > kBracketMax ? end : open;
}

class Finder {
 public:
  Finder(const Block& block, int index, const LabelBook& book)
      : block_(block), text_(block.text), index_(index), book_(book) {}

  std::vector<LabelHit> find() {
    if (text_.size() <= kWholeLengthMax && add_whole()) return hits_;
    add_before_colons();
    add_at_gaps();
    add_in_card_line();
    std::ranges::sort(hits_, {}, &LabelHit::begin);
    return hits_;
  }

 private:
  void add(std::size_t begin, std::size_t end, bool colon, double quality,
           std::vector<LabelBook::Match> matches) {
    for (const LabelHit& hit : hits_) {
      if (begin < hit.end && hit.begin < end) return;
    }
    hits_.push_back({index_, begin, end, false, colon, quality, std::move(matches)});
  }

  bool add_whole() {
    std::vector<LabelBook::Match> matches = book_.whole(text_);
    const bool colon = text_.back() == U':';
    const std::u32string_view core = without_decoration(text_);
    const bool words = core.size() >= 2 && std::ranges::none_of(core, is_digit);
    if (colon && matches.empty() && words && core.size() <= kUnknownLabelMax &&
        text_.find(U':') == text_.size() - 1) {
      hits_.push_back({index_, 0, text_.size(), true, true, 0.8, {}});
      return true;
    }
    // More words around a label are a label only if nothing else speaks against it.
    if (matches.empty() || (matches.front().quality < 0.7 && !colon)) {
      if (matches.empty() || !block_.ruled || matches.front().quality < 0.62) return false;
    }
    const auto inner = text_.find(U':');
    if (inner != std::u32string::npos && inner + 1 < text_.size()) return false;
    const double quality = matches.front().quality;
    if (quality < 0.9 && label_and_value()) return false;
    hits_.push_back({index_, 0, text_.size(), true, colon, quality, std::move(matches)});
    return true;
  }

  /// A label up to a gap and something behind it: 性别　男 in one cell; or a value before
  /// a label: 张三　性别：.
  bool label_and_value() const {
    if (text_.back() == U':') {
      const int last = book_.longest_before(text_, text_.size() - 1);
      if (last == LabelBook::kNone) return false;
      const std::size_t begin = text_.size() - 1 - book_.text(last).size();
      return begin > 0 && block_.signs[begin].gap_before;
    }
    const int label = book_.longest_at(text_, 0);
    if (label == LabelBook::kNone) return false;
    const std::size_t end = book_.text(label).size();
    return end < text_.size() && block_.signs[end].gap_before;
  }

  bool may_begin(std::size_t at) const {
    if (at == 0 || block_.signs[at].gap_before) return true;
    return in(U":;,。、)", text_[at - 1]) ||
           std::ranges::find(block_.row_starts, at) != block_.row_starts.end();
  }

  void add_before_colons() {
    for (std::size_t colon = text_.find(U':'); colon != std::u32string::npos;
         colon = text_.find(U':', colon + 1)) {
      const std::size_t end = before_bracket(text_, colon);
      if (text_.substr(end, colon - end).find(U'签') != std::u32string::npos) {
        add_signature(end, colon);
      } else if (const int label = book_.longest_before(text_, colon); label != LabelBook::kNone) {
        add_known(label, colon - book_.text(label).size(), colon, 1);
      } else if (const int bare = book_.longest_before(text_, end); bare != LabelBook::kNone) {
        add_known(bare, end - book_.text(bare).size(), colon, 0.97);
      } else {
        add_unknown(colon);
      }
    }
  }

  /// A known label before a colon; with words in front that stand at a gap, as in
  /// 驾照类别：, these belong to it.
  void add_known(int label, std::size_t begin, std::size_t colon, double quality) {
    std::size_t first = begin;
    while (first > 0 && colon - first < kUnknownLabelMax && !block_.signs[first].gap_before &&
           is_hanzi(text_[first - 1])) {
      --first;
    }
    if (first == begin || (first > 0 && !block_.signs[first].gap_before)) {
      add(begin, colon + 1, true, quality, {{label, quality}});
      return;
    }
    std::vector<LabelBook::Match> matches = book_.whole(text_.substr(first, colon - first));
    if (matches.empty()) matches.push_back({label, 0.6});
    add(first, colon + 1, true, quality, std::move(matches));
  }

  /// 乙方(签字或盖章): asks for a signature, not for the name it stands beside.
  void add_signature(std::size_t end, std::size_t colon) {
    const int label = book_.longest_before(text_, end);
    const std::size_t length = label == LabelBook::kNone ? 0 : book_.text(label).size();
    add(end - length, colon + 1, true, 0.9, {});
  }

  /// A label with a colon that nobody described, or that was misread.
  void add_unknown(std::size_t colon) {
    std::size_t begin = colon;
    while (begin > 0 && colon - begin < kUnknownLabelMax) {
      const char32_t c = text_[begin - 1];
      if (in(U":;,。、\"", c) || is_digit(c)) break;
      --begin;
      if (block_.signs[begin].gap_before) break;
    }
    if (colon - begin < 2 || !may_begin(begin)) return;
    std::vector<LabelBook::Match> matches = book_.whole(text_.substr(begin, colon - begin));
    const double quality = matches.empty() ? 0.7 : matches.front().quality;
    add(begin, colon + 1, true, quality, std::move(matches));
  }

  /// A word that runs on into a long sentence is no label.
  bool goes_on_long(std::size_t end) const {
    const auto hanzi = std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(end), text_.end(),
                                     [](char32_t c) { return is_hanzi(c); });
    return hanzi > kSentenceMin;
  }

  /// Signs up to the next gap that are a label with more words around it, as in
  /// 单位统一社会信用代码　9143...
  bool add_run(std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < text_.size() && !block_.signs[end].gap_before && text_[end] != U':') ++end;
    if (end >= text_.size() || text_[end] == U':' || end - begin > kUnknownLabelMax) return false;
    std::vector<LabelBook::Match> matches = book_.whole(text_.substr(begin, end - begin));
    if (matches.empty() || matches.front().quality < 0.7) return false;
    const double quality = 0.85 * matches.front().quality;
    add(begin, end, false, quality, std::move(matches));
    return true;
  }

  void add_at_gaps() {
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (!may_begin(at) || add_run(at)) continue;
      const int label = book_.longest_at(text_, at);
      if (label == LabelBook::kNone || book_.needs_colon(label)) continue;
      const std::size_t end = after_bracket(text_, at + book_.text(label).size());
      if (end >= text_.size() && at > 0 && !block_.signs[at].gap_before) continue;
      // Where the value follows without a colon, a gap or the block's start must speak
      // for the label; running text is full of such words.
      const bool gap_after = end < text_.size() && block_.signs[end].gap_before;
      const double quality = at == 0 || gap_after ? 0.8 : block_.signs[at].gap_before ? 0.7 : 0.5;
      if (quality < 0.6 || (!gap_after && goes_on_long(end))) continue;
      add(at, end, false, quality, {{label, quality}});
    }
  }

  /// 性别男民族汉: a short line that begins with a label, or with the value of one to the left
  /// of it, may hold another label, though nothing sets it apart.
  void add_in_card_line() {
    const bool begun = std::ranges::any_of(
        hits_, [](const LabelHit& hit) { return hit.begin == 0 && !hit.colon; });
    const bool value_first = book_.is_value(std::u32string_view(text_).substr(0, 1));
    if ((!begun && !value_first) || text_.size() > kCardLineMax) return;
    for (std::size_t at = value_first ? 1 : 3; at + 2 < text_.size(); ++at) {
      const int label = book_.longest_at(text_, at);
      if (label == LabelBook::kNone || book_.uses(label).empty()) continue;
      add(at, at + book_.text(label).size(), false, 0.7, {{label, 0.7}});
    }
  }

  const Block& block_;
  const std::u32string& text_;
  int index_;
  const LabelBook& book_;
  std::vector<LabelHit> hits_;
};

}  // namespace

LabelHits::LabelHits(const Blocks& blocks, const LabelBook& book) {
  for (int i = 0; i < blocks.size(); ++i) {
    if (blocks[i].text.empty()) continue;
    for (LabelHit& hit : Finder(blocks[i], i, book).find()) all_.push_back(std::move(hit));
  }
}

std::vector<const LabelHit*> LabelHits::in(int block) const {
  std::vector<const LabelHit*> hits;
  const auto first = std::ranges::lower_bound(all_, block, {}, &LabelHit::block);
  for (auto hit = first; hit != all_.end() && hit->block == block; ++hit) hits.push_back(&*hit);
  return hits;
}

bool LabelHits::is_label(int block) const {
  const auto hits = in(block);
  return hits.size() == 1 && hits.front()->whole;
}

bool LabelHits::begins_with_label(int block) const {
  const auto hits = in(block);
  if (hits.empty() || hits.front()->begin != 0) return false;
  const LabelHit& first = *hits.front();
  return (first.whole && first.quality > 0.65) || first.colon;
}

std::size_t LabelHits::value_end(const LabelHit& hit, const Block& block) const {
  std::size_t end = block.signs.size();
  for (const LabelHit* other : in(hit.block)) {
    if (other->begin >= hit.end) end = std::min(end, other->begin);
  }
  return end;
}

}  // namespace archive::form
