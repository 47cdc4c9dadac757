#include "core/archival_code.h"

#include <algorithm>

#include "core/digits.h"
#include "core/utf8.h"
#include "core/width.h"

namespace archive {
namespace {

constexpr char32_t kMiddleDot = 0xB7;

char32_t unified(char32_t c) {
  constexpr std::u32string_view kDashes = U"‐‑‒–—―−";
  constexpr std::u32string_view kDots = U"•・‧∙";
  c = half_width(c);
  if (kDashes.find(c) != std::u32string_view::npos) return U'-';
  if (kDots.find(c) != std::u32string_view::npos) return kMiddleDot;
  if (c >= U'a' && c <= U'z') return c - U'a' + U'A';
  return c;
}

bool may_stand(char32_t c) {
  return is_digit(c) || (c >= U'A' && c <= U'Z') || is_hanzi(c) || c == kMiddleDot || c == U'.' ||
         c == U'-' || c == U'/' || c == U'_';
}

bool groups_are_sound(std::u32string_view text) {
  const bool hyphen = text.find(U'-') != std::u32string_view::npos;
  return hyphen && text.front() != U'-' && text.back() != U'-' &&
         text.find(U"--") == std::u32string_view::npos && std::ranges::any_of(text, is_digit);
}

}  // namespace

std::string_view name_of(ArchivalCodeFault fault) {
  switch (fault) {
    case ArchivalCodeFault::empty:
      return "empty";
    case ArchivalCodeFault::length:
      return "length";
    case ArchivalCodeFault::character:
      return "character";
    case ArchivalCodeFault::grouping:
      return "grouping";
  }
  return "unknown";
}

Result<ArchivalCode, ArchivalCodeFault> ArchivalCode::parse(std::string_view input) {
  std::u32string text;
  for (char32_t c : code_points(input)) {
    c = unified(c);
    if (c != U' ') text += c;
  }
  if (text.empty()) return Failure{ArchivalCodeFault::empty};
  if (text.size() > kLengthMax) return Failure{ArchivalCodeFault::length};
  if (!std::ranges::all_of(text, may_stand)) return Failure{ArchivalCodeFault::character};
  if (!groups_are_sound(text)) return Failure{ArchivalCodeFault::grouping};
  return ArchivalCode(utf8(text));
}

}  // namespace archive
