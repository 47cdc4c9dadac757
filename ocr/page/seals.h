#pragma once

#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// The frame of a seal or stamp on a picture: an ellipse or a rectangle.
struct SealOutline {
  Point centre;
  double across = 0;         ///< half axis, or half side, along `angle_degrees`
  double down = 0;           ///< the other one
  double angle_degrees = 0;  ///< -90 <= angle <= 90, clockwise from level
  std::string colour;        ///< as in SealMark
  std::string shape;
  double coverage = 0;  ///< share of the frame that can be seen
};

/// Finds seals and stamps on a page brought down to about 1200 pixels: frames, round, oval
/// or rectangular, in red or blue ink with something of the same ink inside; and round ones
/// in black, as photocopies have them. Red heads, rules, handwriting and pictures have no
/// such frame. `depth` has the size of `page` and says how much darker than its paper each
/// pixel is. Outlines are in pixels of `page`. At most 30.
std::vector<SealOutline> find_seals(const Pixels& page, const Pixels& depth);

/// The quad around an outline: that of a circle lies level, that of others as they lie,
/// corner 0 at the upper left.
Quad quad_of(const SealOutline& outline);

/// The outline on another picture, scaled and turned without distortion.
SealOutline moved(const SealOutline& outline, const Affine& map);

}  // namespace archive
