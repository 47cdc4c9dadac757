#include <algorithm>
#include <map>

#include "checks/volume.h"
#include "core/text_sketch.h"

namespace archive {
namespace {

// How alike two readings of one sheet are at least: where there is reason to expect one, and
// where there is none.
constexpr double kAlikeExpected = 0.4;
constexpr double kAlike = 0.75;
// Without a stamp a sheet is looked for among so many pages before it.
constexpr std::size_t kNeighbours = 8;
// Of the values that both scans show, so many may have been read otherwise.
constexpr double kDiffering = 0.1;

bool values_agree(const PageFact& a, const PageFact& b, double differing_share) {
  std::map<std::pair<std::string_view, int>, std::string_view> values;
  for (const FieldFact& field : a.fields) {
    if (is_believed(field))
      values.emplace(std::pair(std::string_view(field.field), field.row), field.value);
  }
  std::size_t common = 0;
  std::size_t differing = 0;
  for (const FieldFact& field : b.fields) {
    if (!is_believed(field)) continue;
    const auto other = values.find({field.field, field.row});
    if (other == values.end()) continue;
    ++common;
    if (other->second != field.value) ++differing;
  }
  return static_cast<double>(differing) <= differing_share * static_cast<double>(common);
}

bool same_stamp(const VolumePage& a, const VolumePage& b) {
  return a.stamp != 0 && a.stamp == b.stamp && !a.unsure && !b.unsure;
}

// Stamps that a person need not look at and that differ are two sheets.
bool other_stamp(const VolumePage& a, const VolumePage& b) {
  return a.stamp != 0 && b.stamp != 0 && a.stamp != b.stamp && !a.unsure && !b.unsure;
}

bool other_type(const PageFact& a, const PageFact& b) {
  return a.doc_type != b.doc_type && a.doc_type != FormCatalogue::kUnknown &&
         b.doc_type != FormCatalogue::kUnknown;
}

// `expected`: there is reason to think so, the same stamp or a page too many.
bool one_sheet(const VolumePage& a, const VolumePage& b, bool expected) {
  if (!a.page->content.empty() && a.page->content == b.page->content) return true;
  if (other_stamp(a, b) || a.page->set_aside || b.page->set_aside) return false;
  if (other_type(*a.page, *b.page)) return false;
  if (a.page->sketch.empty() && b.page->sketch.empty()) {
    return expected && values_agree(*a.page, *b.page, 0);
  }
  return likeness(a.page->sketch, b.page->sketch) >= (expected ? kAlikeExpected : kAlike) &&
         values_agree(*a.page, *b.page, expected ? kDiffering : 0);
}

}  // namespace

void find_repeats(std::vector<VolumePage>& pages) {
  std::map<std::string_view, std::size_t> by_content;
  std::map<int, std::size_t> by_stamp;
  const auto repeat = [&pages](std::size_t i, std::size_t earlier) {
    if (pages[i].repeat_of == nullptr &&
        one_sheet(pages[i], pages[earlier], same_stamp(pages[i], pages[earlier]))) {
      const PageFact* first = pages[earlier].repeat_of;
      pages[i].repeat_of = first != nullptr ? first : pages[earlier].page;
    }
  };
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (const std::string& content = pages[i].page->content; !content.empty()) {
      const auto [known, added] = by_content.emplace(content, i);
      if (!added) repeat(i, known->second);
    }
    if (pages[i].stamp != 0) {
      const auto [known, added] = by_stamp.emplace(pages[i].stamp, i);
      if (!added) repeat(i, known->second);
    }
    for (std::size_t back = 1; back <= std::min(i, kNeighbours); ++back) {
      repeat(i, i - back);
    }
  }
}

void find_repeats_out_of_order(std::vector<VolumePage>& pages) {
  for (std::size_t i = 0; i < pages.size(); ++i) {
    VolumePage& page = pages[i];
    const bool without_number = page.fit == PageFit::surplus && (page.stamp == 0 || page.unsure);
    if (!without_number || page.repeat_of != nullptr) continue;
    if (i > 0 && one_sheet(page, pages[i - 1], true)) {
      page.repeat_of = pages[i - 1].page;
    } else if (i + 1 < pages.size() && one_sheet(page, pages[i + 1], true)) {
      page.repeat_of = pages[i + 1].page;
    }
  }
}

}  // namespace archive
