#include "ocr/form/fold.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "core/digits.h"
#include "core/utf8.h"
#include "core/width.h"

namespace archive::form {
namespace {

constexpr std::size_t kComparedMax = 64;

}  // namespace

char32_t folded(char32_t c) {
  c = half_width(c);
  if (c <= U' ' || c == U'_' || c == 0xA0 || c == 0xFE4D || c == 0xFFE3) return 0;
  if (c < 0x80) return c;
  if (in(U"‐‑‒–—―−─━", c)) return U'-';
  if (in(U"〜∼", c)) return U'~';
  if (in(U"“”„", c)) return U'"';
  if (in(U"‘’", c)) return U'\'';
  if (in(U"∶﹕", c)) return U':';
  if (in(U"〔【〖", c)) return U'[';
  if (in(U"〕】〗", c)) return U']';
  if (in(U"•・‧∙", c)) return 0xB7;
  return c;
}

std::u32string folded(std::string_view text) {
  std::u32string result;
  for (char32_t c : code_points(text)) {
    if (const char32_t f = folded(c); f != 0) result += f;
  }
  return result;
}

bool is_latin(char32_t c) { return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z'); }

int edit_distance(std::u32string_view a, std::u32string_view b, int limit) {
  const auto length_gap = static_cast<int>(a.size()) - static_cast<int>(b.size());
  if (std::abs(length_gap) > limit) return limit + 1;
  if (a.size() > kComparedMax || b.size() > kComparedMax) return a == b ? 0 : limit + 1;
  std::array<int, kComparedMax + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    int least = row[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
  }
  return std::min(row[b.size()], limit + 1);
}

int edits_to_a_part(std::u32string_view text, std::u32string_view whole) {
  // best[i]: of the first i characters of the text to a part that ends where we are.
  std::vector<int> best(text.size() + 1);
  for (std::size_t i = 0; i <= text.size(); ++i) best[i] = static_cast<int>(i);
  int least = best.back();
  for (const char32_t c : whole) {
    int diagonal = best[0];
    for (std::size_t i = 1; i <= text.size(); ++i) {
      const int above = best[i];
      best[i] = std::min({above + 1, best[i - 1] + 1, diagonal + (text[i - 1] == c ? 0 : 1)});
      diagonal = above;
    }
    least = std::min(least, best.back());
  }
  return least;
}

}  // namespace archive::form
