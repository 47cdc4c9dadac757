#pragma once

#include <string>

#include "core/page.h"
#include "core/utf8.h"

namespace archive {

/// A line whose characters stand evenly in a box.
inline TextLine line_at(const Box& box, const std::string& text, double confidence = 1) {
  TextLine line;
  line.text = text;
  line.quad = Quad::of(box);
  const auto parts = characters(text);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double position = (static_cast<double>(i) + 0.5) / static_cast<double>(parts.size());
    line.chars.push_back({parts[i], position, confidence});
  }
  return line;
}

}  // namespace archive
