#pragma once

#include <string>
#include <string_view>

namespace archive::form {

/// One character as labels and patterns are compared: ASCII for its full-width twin,
/// '-' for every dash, '~' for every tilde, plain quotes. A space, an underscore or
/// another sign that only fills a blank becomes 0: it is left out.
char32_t folded(char32_t c);

/// A whole text so folded, without what is left out.
std::u32string folded(std::string_view text);

bool is_latin(char32_t c);

/// Whether a character is one of a few.
inline bool in(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}

/// The number of single-character edits between two texts, or `limit` + 1 when there
/// are more. REQUIRES: limit <= 7 and texts of at most 64 characters; longer ones
/// count as different.
int edit_distance(std::u32string_view a, std::u32string_view b, int limit);

/// The number of single-character edits between a text and the part of another that it is most
/// like (Sellers 1980).
int edits_to_a_part(std::u32string_view text, std::u32string_view whole);

}  // namespace archive::form
