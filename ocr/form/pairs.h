#pragma once

#include <vector>

#include "core/page.h"
#include "ocr/form/blocks.h"
#include "ocr/form/label_hits.h"

namespace archive::form {

/// Labels and the values that stand beside or below them, on a form that nobody
/// described: a colon, a known label, or a cell that looks like one.
std::vector<LabelledValue> pairs_of(const Blocks& blocks, const LabelHits& hits);

}  // namespace archive::form
