#pragma once

#include <string>
#include <vector>

#include "ocr/form/sheet.h"

namespace archive::form {

/// A row of text that may be the title of a page.
struct TitleLine {
  std::u32string text;  ///< folded
  std::string printed;
  double prominence = 0;  ///< 0..1: large, centred, near the top
};

/// The rows of the upper part of a page that may be its title, most prominent first, at
/// most 8. The whole page is looked at for rows much larger than the rest, so that the
/// back of an identity card is found.
std::vector<TitleLine> title_lines(const Sheet& sheet);

}  // namespace archive::form
