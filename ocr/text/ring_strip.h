#pragma once

#include <string>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// The ink of a seal by itself, dark on white, cut out of its page.
struct SealPicture {
  Pixels picture;  ///< empty when the seal lies outside the page
  Quad frame;      ///< the seal's quad in pixels of `picture`
  Point origin;    ///< where the picture's first pixel lies on the page
};

/// Cuts a seal out of a delivered page. Of a red or blue one only the ink of that colour is
/// left: what is printed under it and over it is gone. REQUIRES: a colour page for these.
SealPicture cut_seal(const Pixels& page, const Quad& quad, const std::string& colour);

/// A part of a ring: directions in degrees, clockwise from the right of the quad, and
/// distances from its centre as shares of the frame's. `to` may exceed 360.
struct RingPart {
  double from = 0;
  double to = 0;
  double inner = 0;
  double outer = 1;
};

/// A part of the ellipse inside a quad, unrolled: from left to right clockwise, outside at the
/// top, as a person reads a ring from its lower left; `from_inside`: anticlockwise, inside at
/// the top, as the number at the foot of a seal is read. Resolution is the picture's own.
Pixels unrolled(const Pixels& picture, const Quad& quad, const RingPart& part,
                bool from_inside = false);

}  // namespace archive
