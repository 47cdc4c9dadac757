#pragma once

#include <string>

#include "core/geometry.h"
#include "core/page.h"

namespace archive {

/// How far out of the middle of a seal a place lies: 0 in the middle, 1 on its frame, whether
/// that is a ring or a rectangle. `quad` and `shape` are those of a SealMark.
double way_out(const Quad& quad, const std::string& shape, Point place);

/// Whether a place lies on the frame of a seal.
bool is_on_frame(const SealMark& seal, Point place);

}  // namespace archive
