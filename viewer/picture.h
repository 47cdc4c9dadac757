#pragma once

#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// A box to draw on a picture, in its pixels.
struct Marking {
  enum class Style { line, field, unsure_field, hit, seal };
  Quad quad;
  Style style = Style::line;
};

/// The picture with its markings as PNG bytes (by cairo), turned upright by `rotation` (0, 90,
/// 180 or 270 degrees that the paper lies turned clockwise) and scaled down so that its longer
/// side is at most `side_max` pixels (0: not scaled). Lines are grey, fields green, unsure
/// fields orange, hits filled yellow, seals violet.
std::string png_of(const Pixels& pixels, const std::vector<Marking>& markings, int rotation,
                   int side_max);

}  // namespace archive
