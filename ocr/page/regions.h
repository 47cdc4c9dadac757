#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/page.h"
#include "ocr/text/engine.h"

namespace archive {

/// A patch as a rectangle at any angle: `along` runs the longer way, `across` from it
/// clockwise, both unit vectors.
struct PatchShape {
  Point centre;
  double length = 0;
  double thickness = 0;
  double angle_degrees = 0;  ///< of the longer side, -90 < angle <= 90, clockwise from level
};

/// The smallest rectangle around the outline, widened by the margin.
PatchShape shape_of(const TextPatch& patch);

/// The quad of that rectangle with its corners in reading order for a page turned
/// clockwise by `rotation`: text along the longer side when that is a row of the page.
Quad quad_along(const PatchShape& shape, int rotation);

/// The patches as regions of the upright page: level boxes, except for text that runs
/// clearly aslant to the page. `contrasts` has one for each patch.
std::vector<TextRegion> regions_of(const std::vector<TextPatch>& patches,
                                   const std::vector<double>& contrasts,
                                   const Affine& to_delivered);

}  // namespace archive
