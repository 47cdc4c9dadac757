#include "ocr/text/reading_order.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace archive {
namespace {

struct Placed {
  Box box;
  std::size_t line = 0;
};

bool in_one_row(const Box& row, const Box& box) {
  const double overlap = std::min(row.bottom, box.bottom) - std::max(row.top, box.top);
  return overlap * 2 >= std::min(row.height(), box.height());
}

void put_in_rows(std::vector<TextLine>& lines) {
  std::vector<Placed> places;
  for (std::size_t i = 0; i < lines.size(); ++i) places.push_back({lines[i].quad.bounds(), i});
  std::ranges::stable_sort(places, [](const Placed& a, const Placed& b) {
    return a.box.top + a.box.bottom < b.box.top + b.box.bottom;
  });
  std::vector<TextLine> ordered;
  ordered.reserve(lines.size());
  for (auto first = places.begin(); first != places.end();) {
    // A row is measured by its first line: a tall vertical label must not swallow the
    // rows beside it.
    auto last = first + 1;
    while (last != places.end() && in_one_row(first->box, last->box)) ++last;
    std::stable_sort(first, last,
                     [](const Placed& a, const Placed& b) { return a.box.left < b.box.left; });
    for (auto place = first; place != last; ++place) {
      ordered.push_back(std::move(lines[place->line]));
    }
    first = last;
  }
  lines = std::move(ordered);
}

}  // namespace

void put_in_reading_order(std::vector<TextLine>& lines, std::optional<double> gutter) {
  if (!gutter) return put_in_rows(lines);
  const auto right = std::ranges::stable_partition(
      lines, [&](const TextLine& line) { return line.quad.centre().x < *gutter; });
  std::vector<TextLine> right_page(std::move_iterator(right.begin()),
                                   std::move_iterator(right.end()));
  lines.erase(right.begin(), right.end());
  put_in_rows(lines);
  put_in_rows(right_page);
  std::ranges::move(right_page, std::back_inserter(lines));
}

}  // namespace archive
