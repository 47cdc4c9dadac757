#pragma once

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/text/engine.h"

namespace archive {

/// Reads characters that stand upright below each other, as in the narrow cells of forms:
/// they are cut apart and read side by side. Positions run from the top (0) to the bottom
/// (1) of the quad. Empty when the quad holds less than two characters.
LineReading read_column(ReadingEngine& engine, const Pixels& grey, const Quad& quad);

}  // namespace archive
