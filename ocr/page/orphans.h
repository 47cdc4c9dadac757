#pragma once

#include <vector>

#include "core/geometry.h"
#include "ocr/text/engine.h"

namespace archive {

/// Marks of the size of a character that no patch covers, as patches of their own: page
/// numbers and single digits in cells, which a detector of lines passes over. At most 100.
std::vector<TextPatch> orphans_of(const std::vector<Box>& marks,
                                  const std::vector<TextPatch>& patches);

}  // namespace archive
