#pragma once

#include <optional>
#include <vector>

#include "core/pixels.h"
#include "ocr/text/engine.h"

namespace archive {

/// How a page lies in its image, told from its text.
struct Turn {
  int rotation = 0;          ///< 0, 90, 180 or 270, clockwise
  double slant_degrees = 0;  ///< of the text lines after undoing the rotation, roughly
};

/// Box shapes tell rows from columns, the engine tells the head of a line from its feet.
/// `weights`, one a patch, says how much each of them counts. Where a person `decided` the rotation
/// only the slant is asked for.
Turn find_turn(ReadingEngine& engine, const Pixels& grey, const std::vector<TextPatch>& patches,
               const std::vector<double>& weights, std::optional<int> decided = std::nullopt);

}  // namespace archive
