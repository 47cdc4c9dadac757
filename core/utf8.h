#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// True when the bytes are well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);

/// The code points of a text. A byte that is not UTF-8 becomes U+FFFD.
std::u32string code_points(std::string_view utf8);

/// The text of code points; a surrogate or a value past U+10FFFF becomes U+FFFD.
std::string utf8(std::u32string_view code_points);
std::string utf8(char32_t code_point);

/// The characters of a text as separate strings, one code point each.
std::vector<std::string> characters(std::string_view utf8);

/// A Chinese character: the CJK unified blocks with extensions A to H and the
/// compatibility ideographs.
bool is_hanzi(char32_t c);

}  // namespace archive
