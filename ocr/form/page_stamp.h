#pragma once

#include <optional>

#include "ocr/form/fit.h"
#include "ocr/form/sheet.h"

namespace archive::form {

/// The page number stamped in a corner of the sheet: a number that stands alone near
/// the upper or lower edge, outside what is printed.
std::optional<Fitted> page_stamp_of(const Sheet& sheet);

}  // namespace archive::form
