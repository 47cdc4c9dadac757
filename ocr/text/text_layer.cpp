#include "ocr/text/text_layer.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kRegionsCompared = 6;
constexpr double kAgreement = 0.75;  // of the characters; engines differ in punctuation

struct LayerLine {
  TextRegion region;
  std::vector<const LayerWord*> words;
};

Affine from_delivered(const CleanPage& page) { return page.to_delivered.inverse(); }

std::vector<LayerLine> words_by_region(const CleanPage& page) {
  std::vector<LayerLine> lines;
  for (const TextRegion& region : page.regions) lines.push_back({region, {}});
  const Affine to_clean = from_delivered(page);
  for (const LayerWord& word : page.delivered.text_layer) {
    const Point centre = to_clean(word.quad).centre();
    const auto line = std::ranges::find_if(lines, [&](const LayerLine& candidate) {
      return candidate.region.quad.bounds().contains(centre);
    });
    if (line != lines.end()) {
      line->words.push_back(&word);
    } else {
      lines.push_back({{to_clean(word.quad), 1}, {&word}});
    }
  }
  for (LayerLine& line : lines) {
    std::ranges::stable_sort(line.words, [&](const LayerWord* a, const LayerWord* b) {
      return to_clean(a->quad).centre().x < to_clean(b->quad).centre().x;
    });
  }
  return lines;
}

bool latin(std::string_view text) {
  return !text.empty() && static_cast<unsigned char>(text.front()) < 0x80;
}

TextLine line_of(const LayerLine& layer, const CleanPage& page) {
  TextLine line;
  line.quad = layer.region.quad;
  line.confidence = 1;
  line.engine = "text-layer";
  const Affine to_clean = from_delivered(page);
  const Box box = line.quad.bounds();
  for (const LayerWord* word : layer.words) {
    if (!line.text.empty() && latin(word->text) && latin(line.chars.back().text)) line.text += ' ';
    const Box place = to_clean(word->quad).bounds();
    const std::vector<std::string> parts = characters(word->text);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const double x = place.left + place.width() * (static_cast<double>(i) + 0.5) /
                                        static_cast<double>(parts.size());
      const double position = std::clamp((x - box.left) / std::max(1.0, box.width()), 0.0, 1.0);
      line.text += parts[i];
      line.chars.push_back({parts[i], position, 1});
    }
  }
  return line;
}

/// The share of the characters of `a` that stand in `b` in the same order.
double agreement(std::string_view a, std::string_view b) {
  const std::u32string left = code_points(a);
  const std::u32string right = code_points(b);
  if (left.empty() || right.empty()) return 0;
  std::vector<std::size_t> row(right.size() + 1);
  for (const char32_t c : left) {
    std::size_t diagonal = 0;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = right[j - 1] == c ? diagonal + 1 : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return static_cast<double>(row.back()) / static_cast<double>(std::max(left.size(), right.size()));
}

bool believable(std::vector<const LayerLine*> lines, const CleanPage& page,
                const std::function<std::string(const TextRegion&)>& read) {
  std::ranges::stable_sort(lines, [](const LayerLine* a, const LayerLine* b) {
    return a->region.quad.width() > b->region.quad.width();
  });
  lines.resize(std::min(lines.size(), kRegionsCompared));
  double sum = 0;
  for (const LayerLine* line : lines)
    sum += agreement(line_of(*line, page).text, read(line->region));
  return !lines.empty() && sum >= kAgreement * static_cast<double>(lines.size());
}

}  // namespace

std::optional<std::vector<TextLine>> lines_of_text_layer(
    const CleanPage& page, const std::function<std::string(const TextRegion&)>& read,
    std::vector<TextRegion>& silent) {
  silent.clear();
  const std::vector<LayerLine> lines = words_by_region(page);
  std::vector<const LayerLine*> speaking;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].words.empty()) {
      silent.push_back(lines[i].region);
    } else if (i < page.regions.size()) {
      speaking.push_back(&lines[i]);
    }
  }
  if (!believable(speaking, page, read)) return std::nullopt;
  std::vector<TextLine> result;
  for (const LayerLine& line : lines) {
    if (!line.words.empty()) result.push_back(line_of(line, page));
  }
  return result;
}

}  // namespace archive
