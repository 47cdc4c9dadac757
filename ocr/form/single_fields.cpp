#include "ocr/form/single_fields.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ocr/form/fold.h"
#include "ocr/form/indexing.h"
#include "ocr/form/sections.h"

namespace archive::form {
namespace {

constexpr double kScoreMin = 0.25;
constexpr std::size_t kChoiceTextMax = 60;
// Without rules a value stands near its label; figures at the far edge of a row belong to it
// when nothing else does.
constexpr double kLabelLike = 0.65;
constexpr double kNear = 0.4, kFarthest = 0.85;

std::vector<Sign> part(const Block& block, std::size_t begin, std::size_t end) {
  return {block.signs.begin() + static_cast<std::ptrdiff_t>(begin),
          block.signs.begin() + static_cast<std::ptrdiff_t>(end)};
}

bool is_text(ValueType type) {
  return type == ValueType::text || type == ValueType::address || type == ValueType::choice ||
         type == ValueType::name || type == ValueType::code;
}

/// A place where a value may stand.
struct Region {
  std::vector<Sign> signs;
  double likelihood = 0;
  bool handwritten = false;
  bool skipped_empty = false;
  std::vector<Sign> whole;  ///< of the block: options may look like labels
};

struct Candidate {
  int field = 0;
  int label_block = -1;
  std::size_t label_begin = 0;
  Fitted fitted;
  double score = 0;
  bool handwritten = false;
};

/// Looks for every field of one form on one page.
class Finder {
 public:
  Finder(const FormTools& tools, const PageView& page)
      : tools_(tools), form_(*tools.form), page_(page), blocks_(page.blocks) {}

  std::vector<SingleValue> find() {
    for (const LabelHit& hit : page_.hits.all()) {
      if (!page_.taken[at(hit.block)]) consider_hit(hit);
    }
    find_text_extent();
    for (int f = 0; f < static_cast<int>(form_.fields.size()); ++f) {
      const FieldDescription& field = form_.fields[at(f)];
      if (field.row || field.type == ValueType::page_stamp) continue;
      consider_patterns(f);
      if (!tools_.blocks[at(f)].empty()) consider_blocks(f);
      if (field.closing) consider_closing(f);
    }
    consider_lone_numbers();
    return assigned();
  }

 private:
  void consider_hit(const LabelHit& hit) {
    // One label may stand for several fields of the form; each is tried.
    std::set<int> tried;
    std::vector<Region> regions;
    bool made = false;
    for (const LabelBook::Match& match : hit.matches) {
      for (const LabelUse& use : page_.book.uses(match.label)) {
        if (use.form != tools_.index || !tried.insert(use.field).second) continue;
        // A form may ask for one row's values without drawing a table.
        if (form_.fields[at(use.field)].row && page_.tabled.contains(use.field)) continue;
        if (!made) regions = regions_of(hit);
        made = true;
        const double rank = 1 - 0.004 * std::min(use.rank, 25);
        const double quality = std::min(hit.quality, match.quality) * rank;
        for (const Region& region : regions) {
          consider(use.field, hit, region, quality * section_factor(use.field, hit));
        }
      }
    }
  }

  double section_factor(int field, const LabelHit& hit) const {
    return section_fit(tools_.sections, field, hit, blocks_);
  }

  /// After the label in its own block; to the right; below.
  std::vector<Region> regions_of(const LabelHit& hit) const {
    std::vector<Region> regions;
    const Block& own = blocks_[hit.block];
    const std::size_t end = page_.hits.value_end(hit, own);
    if (end > hit.end && !hit.whole) {
      Region region = region_of(part(own, hit.end, end), 1, own.handwritten);
      if (end == own.signs.size() && !own.ruled) {
        continue_right(hit.block, region);
        continue_below(hit.block, own.box.left, region);
      }
      regions.push_back(std::move(region));
      if (hit.colon) return regions;
    }
    // What follows a label inside its own cell may be a scrap of a seal.
    const bool last_in_block = end == own.signs.size();
    if (!last_in_block || (end > hit.end && !hit.whole && !own.ruled)) return regions;
    add_beside(hit, regions);
    return regions;
  }

  void add_beside(const LabelHit& hit, std::vector<Region>& regions) const {
    const bool beside = add_right(hit, regions);
    const int below = blocks_.below(hit.block);
    if (below >= 0 && !page_.hits.begins_with_label(below) && !page_.taken[at(below)]) {
      regions.push_back(
          region_of(blocks_[below].signs, beside ? 0.55 : 0.85, blocks_[below].handwritten));
    }
  }

  /// The next block to the right, and for figures and dates the ones after it: scraps of
  /// a seal and empty cells may lie between.
  bool add_right(const LabelHit& hit, std::vector<Region>& regions) const {
    constexpr std::size_t kLooksMax = 6;
    bool only_scraps = true;
    std::size_t looks = 0;
    for (int right : blocks_.all_right_of(hit.block)) {
      if (page_.hits.begins_with_label(right) || looks == kLooksMax) break;
      const double distance = distance_to(hit, right);
      if (distance > kFarthest) continue;
      ++looks;
      Region region = value_from(right);
      region.skipped_empty =
          !only_scraps || distance > kNear || blocks_.empty_between(hit.block, right);
      region.likelihood = !region.skipped_empty ? 0.97 : looks == 1 ? 0.75 : 0.7;
      // Labels side by side have their values below.
      if (page_.book.label_likeness(blocks_[right].text) > kLabelLike) region.likelihood *= 0.5;
      regions.push_back(std::move(region));
      const Block& block = blocks_[right];
      only_scraps = only_scraps && block.unsure && block.signs.size() <= 2;
    }
    return looks > 0;
  }

  /// How far a value stands from its label, as a share of the page's width; nothing when both
  /// have cells of their own.
  double distance_to(const LabelHit& hit, int right) const {
    const Block& label = blocks_[hit.block];
    const Block& value = blocks_[right];
    if (label.ruled && value.ruled) return 0;
    return (value.box.left - label.box.right) / blocks_.page_width;
  }

  static Region region_of(std::vector<Sign> signs, double likelihood, bool handwritten) {
    return {std::move(signs), likelihood, handwritten, false, {}};
  }

  /// A value that begins at a block: the block up to a label inside it, what follows on
  /// its height without a gap, and the lines below that continue it.
  Region value_from(int index) const {
    const Block& block = blocks_[index];
    std::size_t end = block.signs.size();
    for (const LabelHit* hit : page_.hits.in(index)) {
      if (hit->begin > 0) end = std::min(end, hit->begin);
    }
    Region region = region_of(part(block, 0, end), 1, block.handwritten);
    region.whole = block.signs;
    if (block.ruled || end < block.signs.size()) return region;
    continue_right(index, region);
    continue_below(index, block.box.left, region);
    return region;
  }

  /// What follows on the same height without a gap and without a label.
  void continue_right(int index, Region& region) const {
    int last = index;
    for (int next = blocks_.right_of(last); next >= 0; next = blocks_.right_of(last)) {
      const Block& more = blocks_[next];
      const bool close = more.box.left - blocks_[last].box.right < 1.3 * blocks_[last].em;
      if (!close || more.ruled || !page_.hits.in(next).empty()) return;
      region.signs.insert(region.signs.end(), more.signs.begin(), more.signs.end());
      last = next;
    }
  }

  /// Lines that go on where the one above ended: same left edge, close below, no label.
  void continue_below(int index, double left, Region& region) const {
    int current = index;
    for (int lines = 0; lines < 3; ++lines) {
      const int next = blocks_.below(current);
      if (next < 0) return;
      const Block& block = blocks_[current];
      const Block& more = blocks_[next];
      const bool aligned = std::abs(more.box.left - blocks_[index].box.left) < 1.2 * block.em ||
                           std::abs(more.box.left - left) < 1.2 * block.em ||
                           (!region.signs.empty() &&
                            std::abs(more.box.left - region.signs.front().x0) < 1.2 * block.em);
      const bool close = more.box.top - block.box.bottom < 0.5 * block.box.height();
      const bool other_cell =
          more.ruled && !contains(more.cell, block.centre_x(), block.centre_y());
      if (!aligned || !close || other_cell || belongs_to_label(next)) return;
      continuation_.insert(more.signs.front().id);
      region.signs.insert(region.signs.end(), more.signs.begin(), more.signs.end());
      region.signs[region.signs.size() - more.signs.size()].gap_before = true;
      current = next;
    }
  }

  static bool contains(const Box& box, double x, double y) {
    return x > box.left && x < box.right && y > box.top && y < box.bottom;
  }

  /// A block that is a label or has one, in itself or to the left on its own line. What is left
  /// of a wrapped text may look like a scrap of a label, but nothing of one character is one.
  bool belongs_to_label(int index) const {
    const Block& block = blocks_[index];
    if (block.signs.size() > 1 && !page_.hits.in(index).empty()) return true;
    for (int i = 0; i < blocks_.size(); ++i) {
      const Block& other = blocks_[i];
      const bool left = other.box.right <= block.box.left + 0.5 * block.em;
      const bool level =
          overlap(other.box.top, other.box.bottom, block.box.top, block.box.bottom) > 0.5;
      if (left && level && page_.hits.begins_with_label(i)) return true;
    }
    return false;
  }

  void consider(int f, const LabelHit& hit, const Region& region, double quality) {
    const FieldDescription& field = form_.fields[at(f)];
    if (region.signs.empty()) return;
    if (region.skipped_empty && is_text(field.type)) return;
    std::optional<Fitted> value;
    if (field.type == ValueType::choice && region.signs.size() < kChoiceTextMax) {
      const bool more =
          region.whole.size() > region.signs.size() && region.whole.size() < kChoiceTextMax;
      value = fit_ticked(field, more ? region.whole : region.signs);
      if (!value) value = fit(field, region.signs);
    } else {
      value = fit(field, own_lines(field, region.signs));
    }
    if (!value) return;
    double score = quality * region.likelihood * (0.35 + 0.65 * value->fit);
    if (is_text(field.type) && resembles_label(value->signs)) score *= 0.7;
    add({f, hit.block, hit.begin, std::move(*value), score, region.handwritten});
  }

  /// A text that may well be a label nobody described is a doubtful value.
  bool resembles_label(const std::vector<Sign>& signs) const {
    if (signs.size() > 12) return false;
    std::u32string text;
    for (const Sign& sign : signs) text += sign.c;
    const auto matches = page_.book.whole(text);
    return !matches.empty() && matches.front().quality > 0.5;
  }

  /// A name, a number or a date stands on one line: lines that only continue a text are
  /// left to texts.
  std::vector<Sign> own_lines(const FieldDescription& field, const std::vector<Sign>& signs) const {
    if (field.type == ValueType::text || field.type == ValueType::address) return signs;
    std::vector<Sign> own;
    for (const Sign& sign : signs) {
      if (!own.empty() && continuation_.contains(sign.id)) break;
      own.push_back(sign);
    }
    return own;
  }

  std::optional<Fitted> fit_ticked(const FieldDescription& field,
                                   const std::vector<Sign>& signs) const {
    if (const auto marks = ticked(signs, field.choices, page_.pixels, 0.72 * blocks_.line_height)) {
      const Option& option = marks->options[at(marks->chosen)];
      Fitted value;
      value.signs = option.signs;
      value.raw = printed_text(option.signs);
      value.value = value.raw;
      value.fit = 0.6 + 0.4 * marks->confidence;
      if (marks->confidence < 0.7) {
        value.validity = FieldValidity::suspicious;
        value.problem = "choice unclear";
      }
      return value;
    }
    return std::nullopt;
  }

  void consider_patterns(int f) {
    double quality = 0.9;
    for (const Pattern& pattern : tools_.patterns[at(f)]) {
      const std::vector<Sign> signs = page_.running.find(pattern);
      quality -= 0.03;
      if (signs.empty()) continue;
      auto value = fit(form_.fields[at(f)], signs);
      if (!value) continue;
      const double score = quality * (0.35 + 0.65 * std::max(value->fit, 0.7));
      add({f, -1, 0, std::move(*value), score, false});
    }
  }

  /// A date below an opinion: the last one in the large cell beside its label.
  void consider_blocks(int f) {
    for (const LabelHit& hit : page_.hits.all()) {
      double quality = 0;
      for (const LabelBook::Match& match : hit.matches) {
        const std::u32string& text = page_.book.text(match.label);
        if (std::ranges::find(tools_.blocks[at(f)], text) != tools_.blocks[at(f)].end()) {
          quality = std::max(quality, std::min(hit.quality, match.quality));
        }
      }
      if (quality == 0 || (!hit.whole && !hit.colon)) continue;
      for (const std::vector<Sign>& signs : opinion_of(hit)) {
        FieldDescription last = form_.fields[at(f)];
        last.pick = Pick::last;
        auto value = fit(last, signs);
        if (!value || value->fit < 0.5) continue;
        const double score = 0.85 * quality;
        add({f, hit.block, hit.begin, std::move(*value), score, false});
        break;
      }
    }
  }

  /// A letter ends in the lower part of its text, however short it is.
  void find_text_extent() {
    constexpr double kLower = 0.4;
    if (blocks_.size() == 0) return;
    const auto middle = [](const Block& block) { return block.centre_y(); };
    const double top = std::ranges::min(blocks_.list, {}, middle).centre_y();
    const double bottom = std::ranges::max(blocks_.list, {}, middle).centre_y();
    closing_from_ = top + kLower * (bottom - top);
  }

  /// The date below a letter, that no label tells: the lowest block that is a date and
  /// little else.
  void consider_closing(int f) {
    for (int i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      if (page_.taken[at(i)] || block.centre_y() < closing_from_) continue;
      if (!page_.hits.in(i).empty() || block.signs.size() > 16) continue;
      auto value = fit(form_.fields[at(f)], block.signs);
      if (!value || value->fit < 0.9 || value->signs.size() + 4 < block.signs.size()) continue;
      const double low = block.centre_y() / blocks_.page_height;
      add({f, -1, 0, std::move(*value), 0.5 + 0.15 * low, block.handwritten});
    }
  }

  /// The texts in which an opinion may stand: its own block, the cell to the right, and
  /// everything between the rules above and below its label, or down to the next opinion.
  std::vector<std::vector<Sign>> opinion_of(const LabelHit& hit) const {
    std::vector<std::vector<Sign>> texts;
    const Block& label = blocks_[hit.block];
    if (!hit.whole) texts.push_back(part(label, hit.end, label.signs.size()));
    const int right = blocks_.right_of(hit.block);
    if (right >= 0 && blocks_[right].ruled && label.ruled) texts.push_back(blocks_[right].signs);
    const double top = label.frame ? label.frame->top : label.box.top;
    const double bottom = label.frame ? label.frame->bottom : next_label_below(hit);
    const double left = label.frame ? label.frame->left : 0;
    std::vector<int> area;
    for (int i = 0; i < blocks_.size(); ++i) {
      const Block& block = blocks_[i];
      const bool beside = block.centre_y() > top && block.centre_y() < bottom;
      if (i != hit.block && beside && block.centre_x() > left) area.push_back(i);
    }
    std::ranges::sort(area, {}, [&](int i) { return blocks_[i].centre_y(); });
    texts.emplace_back();
    for (int i : area) {
      const std::vector<Sign>& signs = blocks_[i].signs;
      texts.back().insert(texts.back().end(), signs.begin(), signs.end());
    }
    return texts;
  }

  double next_label_below(const LabelHit& hit) const {
    const Block& label = blocks_[hit.block];
    double bottom = label.box.bottom + 9 * blocks_.line_height;
    for (const LabelHit& other : page_.hits.all()) {
      const Block& block = blocks_[other.block];
      const bool opinion = block.text.find(U"意见") != std::u32string::npos;
      if (other.block != hit.block && opinion && block.box.top > label.box.bottom) {
        bottom = std::min(bottom, block.box.top);
      }
    }
    return bottom;
  }

  /// The only citizen number on a page is found without its label.
  void consider_lone_numbers() {
    std::vector<int> fields;
    for (int f = 0; f < static_cast<int>(form_.fields.size()); ++f) {
      const FieldDescription& field = form_.fields[at(f)];
      if (field.type == ValueType::id18 && !field.row) fields.push_back(f);
    }
    if (fields.size() != 1) return;
    std::vector<std::pair<int, Fitted>> numbers;
    for (int i = 0; i < blocks_.size(); ++i) {
      if (page_.taken[at(i)]) continue;
      auto value = fit(form_.fields[at(fields.front())], blocks_[i].signs);
      if (value && value->validity == FieldValidity::valid)
        numbers.emplace_back(i, std::move(*value));
    }
    if (numbers.size() != 1) return;
    auto& [block, value] = numbers.front();
    add({fields.front(), -1, 0, std::move(value), 0.4, blocks_[block].handwritten});
  }

  void add(Candidate candidate) {
    if (candidate.score >= kScoreMin) candidates_.push_back(std::move(candidate));
  }

  bool shares(const FieldDescription& a, const FieldDescription& b) const {
    return a.pick != Pick::best && b.pick != Pick::best && a.type == b.type;
  }

  /// The best candidates first; a place and a label serve one field each, but for the
  /// two ends of a period.
  std::vector<SingleValue> assigned() {
    std::ranges::stable_sort(candidates_, [](const Candidate& a, const Candidate& b) {
      return a.score > b.score + 1e-9;
    });
    std::vector<SingleValue> values;
    std::vector<const Candidate*> chosen;
    std::set<int> used;
    std::set<int> done;
    for (const Candidate& candidate : candidates_) {
      if (done.contains(candidate.field) || clashes(candidate, chosen, used)) continue;
      done.insert(candidate.field);
      chosen.push_back(&candidate);
      for (const Sign& sign : candidate.fitted.signs) used.insert(sign.id);
      values.push_back({candidate.field, candidate.fitted, candidate.score, candidate.handwritten});
    }
    return values;
  }

  bool clashes(const Candidate& candidate, const std::vector<const Candidate*>& chosen,
               const std::set<int>& used) const {
    const FieldDescription& field = form_.fields[at(candidate.field)];
    if (std::ranges::any_of(candidate.fitted.signs,
                            [&](const Sign& sign) { return used.contains(sign.id); })) {
      return true;
    }
    return std::ranges::any_of(chosen, [&](const Candidate* other) {
      return candidate.label_block >= 0 && other->label_block == candidate.label_block &&
             other->label_begin == candidate.label_begin &&
             !shares(field, form_.fields[at(other->field)]);
    });
  }

  const FormTools& tools_;
  const FormDescription& form_;
  const PageView& page_;
  const Blocks& blocks_;
  double closing_from_ = 0;  // y: above it no letter ends
  std::vector<Candidate> candidates_;
  mutable std::set<int> continuation_;  // ids of signs that begin a continued line
};

}  // namespace

FormTools tools_of(const FormDescription& form, int index) {
  FormTools tools{&form, index, {}, {}, {}};
  for (const FieldDescription& field : form.fields) {
    std::vector<Pattern> patterns;
    for (const std::string& expression : field.patterns) {
      if (auto pattern = Pattern::compile(expression)) patterns.push_back(std::move(*pattern));
    }
    tools.patterns.push_back(std::move(patterns));
    const auto all_folded = [](const std::vector<std::string>& texts) {
      std::vector<std::u32string> result;
      for (const std::string& text : texts) result.push_back(folded(text));
      return result;
    };
    tools.sections.push_back(all_folded(field.sections));
    tools.blocks.push_back(all_folded(field.blocks));
  }
  return tools;
}

std::vector<SingleValue> single_values(const FormTools& tools, const PageView& page) {
  return Finder(tools, page).find();
}

}  // namespace archive::form
