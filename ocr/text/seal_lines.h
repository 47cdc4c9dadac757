#pragma once

#include <vector>

#include "core/page.h"
#include "ocr/text/seal_reader.h"

namespace archive {

/// Marks the lines of the page that are a seal's own text as such, so that they are no text
/// of the page; what is printed under the seal stays. `seal` is where it stands.
void mark_seal_lines(const SealMark& seal, const SealReading& reading,
                     std::vector<TextLine>& lines);

}  // namespace archive
