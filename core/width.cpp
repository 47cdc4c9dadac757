#include "core/width.h"

#include "core/utf8.h"

namespace archive {

char32_t half_width(char32_t c) {
  constexpr char32_t kFirst = 0xFF01, kLast = 0xFF5E, kDistance = 0xFEE0;
  if (c >= kFirst && c <= kLast) return c - kDistance;
  if (c == 0x3000) return U' ';
  if (c == 0xFFE5) return 0xA5;
  return c;
}

std::string half_width(std::string_view text) {
  std::u32string points = code_points(text);
  for (char32_t& c : points) c = half_width(c);
  return utf8(points);
}

}  // namespace archive
