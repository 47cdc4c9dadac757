#pragma once

#include <vector>

#include "core/page.h"
#include "ocr/form/blocks.h"
#include "ocr/form/label_hits.h"
#include "ocr/form/rules.h"

namespace archive::form {

/// Labels and their values on a form that nobody need have described: what has a colon,
/// what is a known label, and in a ruled table the cells that look like labels beside or
/// above cells that look like values. Several values of one label, as of a column, follow
/// each other with the same label and the same place of it. At most 400.
std::vector<LabelledValue> pairs_of(const Blocks& blocks, const RuledLines& rules,
                                    const LabelHits& hits, const LabelBook& book);

}  // namespace archive::form
