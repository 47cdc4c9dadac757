#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/page/seals.h"

namespace archive {

/// The plane without the ink of its black seals, as far as it can be told from print, so that
/// text is found where print runs and not where a ring runs. On a grey page a seal is lighter
/// than print: inside it, what is no darker than its frame becomes paper. Where it is as dark,
/// and on bilevel pages, its frame is taken out, but for strokes that cross it, and the
/// characters along it that touch nothing else. This is for finding text; some print is lost on
/// the ring, so text is read on the plane itself.
/// REQUIRES: one channel; `seals` are rings in pixels of `plane`.
Pixels without_seal_ink(const Pixels& plane, const std::vector<SealOutline>& seals);

/// Whether a place lies where the characters and the frame of a ring are.
bool is_on_ring(const SealOutline& seal, Point place);

}  // namespace archive
