#pragma once

#include <string>
#include <vector>

#include "ocr/form/blocks.h"
#include "ocr/form/label_hits.h"

namespace archive::form {

/// How well a label's place suits a field that belongs under certain headings: 1 under
/// one of them or for a field without any, less under another field's heading.
/// `sections` holds the folded headings of each field of the form.
double section_fit(const std::vector<std::vector<std::u32string>>& sections, int field,
                   const LabelHit& hit, const Blocks& blocks);

}  // namespace archive::form
