#pragma once

#include <vector>

#include "core/geometry.h"
#include "ocr/text/engine.h"

namespace archive {

/// Marks of the size of a character that no patch covers, as patches of their own: page
/// numbers and single digits in cells, which a detector of lines passes over. At most 100.
std::vector<TextPatch> orphans_of(const std::vector<Box>& marks,
                                  const std::vector<TextPatch>& patches);

/// The patches, each that was found inside a mark and does not reach its ends being the mark: a
/// detector of lines sees the middle of a single large figure.
std::vector<TextPatch> whole_marks(const std::vector<Box>& marks, std::vector<TextPatch> patches);

}  // namespace archive
