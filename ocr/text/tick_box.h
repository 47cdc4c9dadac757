#pragma once

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/text/engine.h"

namespace archive {

/// Recognisers know no tick boxes: they read an empty one as 口 and a ticked one as M, V
/// or the like. Where such a character turns out to be a square frame in the picture it
/// becomes □ or ☑; 口 after 户, 人 and the like stays. Frames before the line and in its gaps
/// that were read as nothing are added. On a line that is `sealed`, a black seal lies, whose
/// strokes make squares too: only what stands alone is a frame there.
void mark_tick_boxes(const Pixels& grey, const Quad& quad, bool sealed, LineReading& reading);

}  // namespace archive
