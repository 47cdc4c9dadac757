#pragma once

#include <set>
#include <vector>

#include "config/pattern.h"
#include "core/pixels.h"
#include "ocr/form/blocks.h"
#include "ocr/form/fit.h"
#include "ocr/form/label_hits.h"
#include "ocr/form/running_text.h"
#include "ocr/form/ticks.h"

namespace archive::form {

/// A value for a field that stands once on a page.
struct SingleValue {
  int field = 0;  ///< index in FormDescription::fields
  Fitted fitted;
  double score = 0;  ///< how much speaks for it, 0..1
  bool handwritten = false;
};

/// What one form is looked for with: its description and its compiled patterns.
struct FormTools {
  const FormDescription* form = nullptr;
  int index = 0;                                              ///< in LabelBook::forms()
  std::vector<std::vector<Pattern>> patterns;                 ///< of each field
  std::vector<std::vector<std::u32string>> sections, blocks;  ///< of each field, folded
};

FormTools tools_of(const FormDescription& form, int index);

/// Everything on a page that a value may be found by.
struct PageView {
  const Blocks& blocks;
  const LabelHits& hits;
  const LabelBook& book;
  const RunningText& running;
  const Pixels& pixels;
  const std::vector<bool>& taken;  ///< blocks that belong to a table
  const std::set<int>& tabled;     ///< fields that have values in it
};

/// The best value for each single field, no place used twice.
std::vector<SingleValue> single_values(const FormTools& tools, const PageView& page);

}  // namespace archive::form
