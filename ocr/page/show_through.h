#pragma once

#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/text/engine.h"

namespace archive {

/// Whether faint text shines through from the back of the sheet: then its mirror image
/// reads better than itself. Asks about the longest of the lines; false when in doubt.
bool shines_through(ReadingEngine& engine, const Pixels& grey, std::vector<Quad> lines);

}  // namespace archive
