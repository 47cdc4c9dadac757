#pragma once

#include <string>
#include <vector>

#include "ocr/form/blocks.h"
#include "ocr/form/fit.h"
#include "ocr/form/label_hits.h"

namespace archive::form {

/// A value in a table.
struct TableValue {
  int field = 0;  ///< index in FormDescription::fields
  int row = -1;   ///< counted from 0; -1 for a total
  Fitted fitted;
  double quality = 0;
  bool handwritten = false;
};

/// What was found of a form's table: its values, and the blocks it took, so that
/// nothing else is looked for there.
struct Table {
  std::vector<TableValue> values;
  std::vector<bool> taken;  ///< of each block: part of the table's head or rows
  double label_weight = 0;  ///< evidence that the form's table stands on the page
};

/// Finds the row of headings that holds most labels of the form's row fields, the
/// columns below it and their rows, down to a total or the table's end.
Table table_of(const FormDescription& form, int form_index, const Blocks& blocks,
               const LabelHits& hits, const LabelBook& book);

}  // namespace archive::form
