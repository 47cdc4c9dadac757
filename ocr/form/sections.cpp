#include "ocr/form/sections.h"

#include <algorithm>

#include "ocr/form/fold.h"
#include "ocr/form/label_book.h"

namespace archive::form {
namespace {

bool is_heading(std::u32string_view text, const std::vector<std::u32string>& headings) {
  const std::u32string_view core = without_decoration(text);
  return std::ranges::any_of(headings, [&](const std::u32string& heading) {
    const int limit = heading.size() >= 4 ? 1 : 0;
    return core == heading || edit_distance(core, heading, limit) <= limit;
  });
}

/// A heading beside the label that covers its height, or above it: the nearer the better.
/// Returns a distance, or a negative number when there is none.
double distance_to(const std::vector<std::u32string>& headings, const Block& label, int label_index,
                   const Blocks& blocks) {
  double nearest = -1;
  for (int i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    if (i == label_index || block.text.size() > 14 || !is_heading(block.text, headings)) continue;
    const double y = label.centre_y();
    const bool beside = block.box.right <= label.box.left + blocks.line_height &&
                        y > block.cell.top - 0.5 * blocks.line_height &&
                        y < block.cell.bottom + 0.5 * blocks.line_height;
    double distance = -1;
    if (beside) distance = 0;
    if (!beside && block.centre_y() < y - 0.3 * blocks.line_height) distance = y - block.centre_y();
    if (distance >= 0 && (nearest < 0 || distance < nearest)) nearest = distance;
  }
  return nearest;
}

}  // namespace

double section_fit(const std::vector<std::vector<std::u32string>>& sections, int field,
                   const LabelHit& hit, const Blocks& blocks) {
  const auto& own = sections[static_cast<std::size_t>(field)];
  if (own.empty()) return 1;
  const Block& label = blocks[hit.block];
  const std::u32string_view text =
      std::u32string_view(label.text).substr(hit.begin, hit.end - hit.begin);
  const auto says = [&](const std::vector<std::u32string>& headings) {
    return std::ranges::any_of(headings, [&](const std::u32string& h) {
      return text.find(h) != std::u32string_view::npos;
    });
  };
  if (says(own)) return 1;
  double foreign = -1;
  for (const auto& other : sections) {
    if (other.empty() || other == own) continue;
    if (says(other)) return 0.4;
    const double distance = distance_to(other, label, hit.block, blocks);
    if (distance >= 0 && (foreign < 0 || distance < foreign)) foreign = distance;
  }
  const double near = distance_to(own, label, hit.block, blocks);
  if (near >= 0 && (foreign < 0 || near < foreign)) return 1;
  if (foreign >= 0) return 0.45;
  // No heading was read: sections follow each other down the page as the form names them.
  const bool first = std::ranges::find_if(sections, [](const auto& s) { return !s.empty(); }) ==
                     std::ranges::find(sections, own);
  const double down = label.centre_y() / blocks.page_height;
  return first ? 0.88 - 0.2 * down : 0.68 + 0.2 * down;
}

}  // namespace archive::form
