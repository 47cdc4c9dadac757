#pragma once

#include <string_view>

#include "config/field_confidence.h"
#include "config/forms.h"
#include "core/page.h"
#include "ocr/form/fit.h"

namespace archive::form {

/// Where a value was found, and how.
struct Finding {
  double score = 0;  ///< how surely it is this field's, by label and place, 0..1
  bool handwritten = false;
  bool in_row = false;
};

/// What speaks for and against a value on its page.
Traits traits_of(const FieldDescription& field, const Fitted& value, const Finding& finding,
                 const RecognizedPage& page);

/// Whether an amount as printed ends in its fen (分): a point or comma and two digits.
bool shows_fen(std::string_view raw);

}  // namespace archive::form
