#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/forms.h"
#include "core/page.h"
#include "ocr/form/sheet.h"

namespace archive::form {

/// The part of a text that is a value of some type, and what it says.
struct Fitted {
  std::vector<Sign> signs;  ///< the value's own, without what stands around it
  std::string raw;          ///< as printed
  std::string value;        ///< normalised
  double fit = 0;           ///< how well it suits the type, 0..1
  FieldValidity validity = FieldValidity::valid;
  std::string problem;     ///< the rule that was broken
  bool confirmed = false;  ///< something else on the page proves it, such as a column's sum
};

/// Reads a value of the field's type from a text. Nothing when there is none. What is
/// printed wrongly stays wrong: a check that fails is said in `problem`. Letters that
/// look like digits are resolved only where the recogniser was not sure.
std::optional<Fitted> fit(const FieldDescription& field, const std::vector<Sign>& signs);

/// The characters of a text as if each had been read without doubt.
std::vector<Sign> certain_signs(std::string_view text);

/// Brings a text to the form in which two readings of one value are equal.
std::string normalised(const FieldDescription& field, const std::string& text);

/// The printed characters of signs.
std::string printed_text(const std::vector<Sign>& signs);

}  // namespace archive::form
