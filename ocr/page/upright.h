#pragma once

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// How a page that lies turned in its image is brought upright.
///
/// `rotation` (0, 90, 180, 270) and `skew_degrees` say how far the paper lies turned
/// clockwise; the skew is measured on the page after the quarter turns are undone.
struct UprightFrame {
  int width = 0;        ///< of the upright page; large enough to lose no corner
  int height = 0;
  Affine to_delivered;  ///< upright -> delivered pixels
};

UprightFrame upright_frame(int delivered_width, int delivered_height, int rotation,
                           double skew_degrees);

/// The picture in its upright frame. What lies outside the delivered image is white.
Pixels make_upright(const Pixels& delivered, const UprightFrame& frame);

}  // namespace archive
