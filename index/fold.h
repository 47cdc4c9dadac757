#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// A character after folding, and where it came from.
struct FoldedChar {
  char32_t c = 0;
  std::uint32_t source = 0;  ///< number of the code point in the text that was folded
  /// Printed in another script, as a variant or with an accent; width and case do not count.
  bool varied = false;
};

/// One spelling for everything a clerk would call the same: full and half width, case,
/// compatibility forms (NFKC), simplified and traditional script, common variant
/// characters (羣 群), Latin accents; 〇 is 零, and so is ○ after a numeral. A pinyin reading
/// inserted behind its character, as in 業(yè)務, is dropped (R71), and so is what has no
/// looks of its own, such as a soft hyphen.
///
/// Character by character, so that a page and a query always agree. Any thread.
std::vector<FoldedChar> fold(std::u32string_view text);

/// The folded text alone.
std::u32string folded(std::string_view utf8_text);

/// A letter or digit of any script, hanzi aside. Of folded characters.
bool is_word_char(char32_t c);

}  // namespace archive
