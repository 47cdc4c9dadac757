#pragma once

#include "core/pixels.h"

namespace archive {

// What may make a poorly read line readable. Each takes a picture of one line, dark on
// light, one channel if nothing else is said; none is good for every line, so the surer
// reading decides.

/// Takes away the ink of stamps, which is lighter than print: everything lighter than half
/// way between the darkest ink and the paper becomes paper.
Pixels without_light_ink(Pixels picture);

/// Of a colour picture each pixel in the light in which it is brightest, as one channel: the ink
/// of a coloured stamp is hardly there.
Pixels without_colour(const Pixels& picture);

/// Takes away the strokes of a seal, which are thicker than those of print: where they are lighter
/// than print, what is no darker than they are; where they are as dark, all of them, and what is
/// under them is lost.
Pixels without_thick_strokes(const Pixels& picture);

/// Thickens and smooths strokes, for pale copies whose strokes have fallen to pieces.
Pixels with_thicker_strokes(const Pixels& picture);

}  // namespace archive
