#include "ingest/natural_order.h"

#include <algorithm>
#include <compare>
#include <cstddef>

#include "core/digits.h"

namespace archive {
namespace {

// A '/' ends a folder's name, so it comes before every other sign: "a/b" before "a.tif".
int rank_of(char c) { return c == '/' ? -1 : static_cast<unsigned char>(c); }

std::string_view digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(at, end - at);
}

std::strong_ordering compare_numbers(std::string_view left, std::string_view right) {
  left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
  right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left.compare(right) <=> 0;
}

}  // namespace

bool natural_less(std::string_view left, std::string_view right) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() && j < right.size()) {
    if (is_digit(left[i]) && is_digit(right[j])) {
      const std::string_view a = digits_at(left, i);
      const std::string_view b = digits_at(right, j);
      if (const auto order = compare_numbers(a, b); order != 0) return order < 0;
      i += a.size();
      j += b.size();
    } else if (left[i] != right[j]) {
      return rank_of(left[i]) < rank_of(right[j]);
    } else {
      ++i;
      ++j;
    }
  }
  if (i < left.size() || j < right.size()) return i == left.size();
  if (left.size() != right.size()) return left.size() < right.size();
  return left < right;
}

}  // namespace archive
