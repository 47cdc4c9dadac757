#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/text/engine.h"

namespace archive {

/// The skew of a page in degrees, clockwise positive, seen upright: of all angles near
/// `slant_degrees` the one under which the lower edges of characters and rules fall
/// together best (the sharpest projection profile). `rotation` is the page's quarter turn.
double measure_skew(const Pixels& grey, const std::vector<TextPatch>& patches, int rotation,
                    double slant_degrees);

}  // namespace archive
