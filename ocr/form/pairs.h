#pragma once

#include <vector>

#include "core/page.h"
#include "ocr/form/blocks.h"
#include "ocr/form/label_hits.h"

namespace archive::form {

/// Labels and the values that stand beside or below them, on a form that nobody need
/// have described: what has a colon, what is a known label, and in a ruled table the
/// cells that look like labels beside cells that look like values.
std::vector<LabelledValue> pairs_of(const Blocks& blocks, const LabelHits& hits,
                                    const LabelBook& book);

}  // namespace archive::form
