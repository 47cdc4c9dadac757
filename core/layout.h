#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/page.h"

namespace archive {

/// The text of a page with its places, as kept in the store and as read by the
/// index, the viewer and export. Quads are in pixels of the *delivered* image.
struct PageLayout {
  int width = 0;   ///< of the delivered image
  int height = 0;
  int rotation = 0;
  double skew_degrees = 0;
  std::vector<TextLine> lines;  ///< in reading order
};

/// A compact, stable text form (docs/STORE_FORMAT.md, "Layout"): one line a text
/// line, positions as integers. parse_layout(serialize_layout(x)) == x up to the
/// rounding of coordinates (0.1 pixel), positions (1/10,000) and confidence (1/1,000).
std::string serialize_layout(const PageLayout& layout);

/// Throws std::invalid_argument naming the line that is wrong.
PageLayout parse_layout(std::string_view text);

}  // namespace archive
