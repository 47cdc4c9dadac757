#pragma once

#include "core/pixels.h"
#include "ocr/text/engine.h"

namespace archive {

/// How many grey levels (0..255) lie between the paper and the ink of a patch.
double contrast_of(const Pixels& grey, const TextPatch& patch);

}  // namespace archive
