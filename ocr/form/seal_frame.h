#pragma once

#include "core/geometry.h"
#include "core/page.h"

namespace archive::form {

/// Whether a place of the upright page lies on the ring of a seal, or on the frame of a
/// rectangular one.
bool is_on_frame(const SealMark& seal, Point place);

}  // namespace archive::form
