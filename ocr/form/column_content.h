#pragma once

#include <vector>

#include "config/forms.h"
#include "ocr/form/blocks.h"
#include "ocr/form/label_book.h"
#include "ocr/form/table.h"

namespace archive::form {

/// The row field that the blocks of a column say they are: most of them are numbers with check
/// digits that hold, such as citizen numbers, and at least two. An index in `form.fields`, or -1.
int self_proving_field(const FormDescription& form, const std::vector<const Block*>& column);

/// Makes suspicious what does not go with the other values of its column: amounts that lost
/// digits, differ from it in size or in one digit, texts that differ in one character from one that
/// stands there more often or from a title of papers, and totals that are not its sum. A total that
/// is confirms itself.
void doubt_columns(const FormDescription& form, const LabelBook& book,
                   std::vector<TableValue>& values);

}  // namespace archive::form
