#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/page/seals.h"

namespace archive {

/// The plane without the ink of its seals, as far as it can be told from print, so
/// that text is found where print runs and not where a ring runs. Blue ink is light where the page
/// is seen in blue light; so is what a pen wrote in blue under the seal. On a grey page a seal is lighter
/// than print: inside it, what is no darker than its frame becomes paper. Where it is as dark,
/// and on bilevel pages, its frame is taken out, but for strokes that cross it, and the
/// characters along it that touch nothing else. This is for finding text; some print is lost on
/// the ring, so text is read on the plane itself.
/// Rings and rectangles alike; the characters along a frame are those of a ring.
/// REQUIRES: `plane` has one channel and the size of `page`, and `seals` are in its pixels.
Pixels without_seal_ink(const Pixels& plane, const Pixels& page,
                        const std::vector<SealOutline>& seals);

/// Whether a place lies where a seal has its characters and its frame: along a ring, or anywhere
/// in a rectangle.
bool is_on_inscription(const SealOutline& seal, Point place);

}  // namespace archive
