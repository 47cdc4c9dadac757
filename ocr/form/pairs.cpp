#include "ocr/form/pairs.h"

#include <algorithm>

#include "ocr/form/fit.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr std::size_t kPairsMax = 400;

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

std::vector<Sign> value_of(const LabelHit& hit, const Blocks& blocks, const LabelHits& hits) {
  const Block& own = blocks[hit.block];
  const std::size_t end = hits.value_end(hit, own);
  if (end > hit.end) return part(own, hit.end, end);
  if (end < own.signs.size()) return {};
  bool skipped = false;
  const int right = blocks.right_of(hit.block, &skipped);
  if (right >= 0 && !skipped && !hits.begins_with_label(right)) {
    const Block& block = blocks[right];
    std::size_t stop = block.signs.size();
    for (const LabelHit* other : hits.in(right)) {
      if (other->begin > 0) stop = std::min(stop, other->begin);
    }
    return part(block, 0, stop);
  }
  if (hit.colon) return {};
  const int below = blocks.below(hit.block);
  if (below >= 0 && !hits.begins_with_label(below)) return blocks[below].signs;
  return {};
}

}  // namespace

std::vector<LabelledValue> pairs_of(const Blocks& blocks, const LabelHits& hits) {
  std::vector<LabelledValue> pairs;
  for (const LabelHit& hit : hits.all()) {
    if (pairs.size() >= kPairsMax) break;
    std::vector<Sign> value = value_of(hit, blocks, hits);
    trim(value);
    if (value.empty()) continue;
    std::vector<Sign> label = part(blocks[hit.block], hit.begin, hit.end);
    trim(label);
    if (label.empty()) continue;
    LabelledValue pair;
    pair.label = printed_text(label);
    pair.value = printed_text(value);
    pair.label_quad = Quad::of(bounds(label));
    pair.value_quad = Quad::of(bounds(value));
    pair.confidence = hit.quality * std::min(confidence_of(label), confidence_of(value));
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

}  // namespace archive::form
