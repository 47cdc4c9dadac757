#include "core/page_range.h"

#include <cstddef>
#include <vector>

#include "core/digits.h"
#include "core/utf8.h"
#include "core/width.h"

namespace archive {
namespace {

bool is_between(char32_t c) {
  constexpr std::u32string_view kSigns = U"-~至到‐‑‒–—―−～〜";
  return kSigns.find(c) != std::u32string_view::npos;
}

}  // namespace

std::string_view name_of(PageRangeFault fault) {
  switch (fault) {
    case PageRangeFault::shape:
      return "shape";
    case PageRangeFault::order:
      return "order";
    case PageRangeFault::range:
      return "range";
  }
  return "unknown";
}

std::optional<PageRange> PageRange::of(int first, int last) {
  if (first < 1 || last < first || last > kPageMax) return std::nullopt;
  return PageRange(first, last);
}

Result<PageRange, PageRangeFault> PageRange::parse(std::string_view text) {
  std::vector<int> numbers;
  bool between = false, in_number = false;
  for (char32_t c : code_points(half_width(text))) {
    if (is_digit(c)) {
      if (!in_number) numbers.push_back(0);
      if (numbers.back() <= kPageMax) {
        numbers.back() = numbers.back() * 10 + static_cast<int>(c - U'0');
      }
      in_number = true;
      continue;
    }
    in_number = false;
    if (is_between(c)) {
      if (between || numbers.size() != 1) return Failure{PageRangeFault::shape};
      between = true;
    } else if (c != U' ' && c != U'第' && c != U'页') {
      return Failure{PageRangeFault::shape};
    }
  }
  if (numbers.size() != (between ? 2U : 1U)) return Failure{PageRangeFault::shape};
  const int first = numbers.front(), last = numbers.back();
  if (first < 1 || last > kPageMax || first > kPageMax) return Failure{PageRangeFault::range};
  if (last < first) return Failure{PageRangeFault::order};
  return PageRange(first, last);
}

std::string PageRange::text() const {
  if (first_ == last_) return std::to_string(first_);
  return std::to_string(first_) + "-" + std::to_string(last_);
}

}  // namespace archive
