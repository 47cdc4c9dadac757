#pragma once

namespace archive {

/// Whether a character is one of 0 to 9. Not std::isdigit: that one asks the locale, and is
/// undefined for the bytes of a UTF-8 character. An object, so that it can be handed to an
/// algorithm for any kind of character.
inline constexpr auto is_digit = [](auto c) { return c >= '0' && c <= '9'; };

/// The same for 0 to 9 in either width.
inline constexpr auto is_digit_of_any_width = [](char32_t c) {
  return is_digit(c) || (c >= U'０' && c <= U'９');
};

}  // namespace archive
