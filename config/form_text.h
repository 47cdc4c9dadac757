#pragma once

#include <string>
#include <string_view>

#include "config/forms.h"

namespace archive {

/// The text of a form file, as read_form_file() reads it: what is empty or as it would be
/// anyway is left out. `heading` becomes a comment in the first line.
/// REQUIRES: the form has a doc_type, and every field an id and a label.
std::string form_text(const FormDescription& form, std::string_view heading);

}  // namespace archive
