#pragma once

#include <map>
#include <string>

#include "viewer/pdf_file.h"

namespace archive {

/// The font of a text layer that is searched and selected but not seen: it draws nothing, all
/// its characters are one em wide, and a table tells programs which character each code is.
/// So any character can be written, also hanzi that no font on the reader's machine has.
///
/// A composite font with two-byte codes (ISO 32000-1, 9.7), given out in the order in which
/// characters first come; ToUnicode names them (9.10.3).
class GlyphlessFont {
 public:
  /// Where the letters begin and end above and below their line, in parts of an em.
  static constexpr double kAscent = 0.88;
  static constexpr double kDescent = 0.12;

  /// The code of a character, in four hexadecimal digits. After 65,000 different ones all
  /// further ones are U+FFFD.
  std::string code_of(char32_t c);

  /// Writes the font with all characters that were asked for.
  void write(PdfFile& file, int number) const;

 private:
  std::string to_unicode() const;

  std::map<char32_t, int> codes_;
  std::map<int, char32_t> characters_;
};

/// A TrueType font of two empty glyphs, each an em wide: the smallest that readers accept.
std::string empty_truetype();

}  // namespace archive
