#include "core/lost_characters.h"

#include <string>

#include "core/utf8.h"

namespace archive {
namespace {

bool is_no_character(char32_t c) { return c == 0xFFFD || (c >= 0xE000 && c <= 0xF8FF); }

}  // namespace

std::size_t lost_characters(std::string_view utf8) {
  const std::u32string text = code_points(utf8);
  std::size_t lost = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_no_character(text[i])) ++lost;
    if (text[i] != U'?' || i == 0 || !is_hanzi(text[i - 1])) continue;
    std::size_t end = i + 1;
    while (end < text.size() && (text[end] == U'?' || text[end] == U';')) ++end;
    if (end - i < 2 || end == text.size() || !is_hanzi(text[end])) continue;
    ++lost;
    i = end - 1;
  }
  return lost;
}

}  // namespace archive
