#pragma once

#include <string>

#include "config/forms.h"
#include "core/records.h"

namespace archive {

/// A field of a page as people name it: "id_number", or "wage[3]" for a row counted from 0.
struct NamedField {
  std::string field;
  int row = -1;
};

/// Throws ArchiveError{usage} naming the nearest field when the form of the page has none of this
/// name, and when a row is asked for or left out wrongly.
NamedField named_field(const FormCatalogue& forms, const PageRecord& page, const std::string& text);

/// "x,y,width,height" in pixels of the delivered picture. Throws ArchiveError{usage}.
PixelBox parse_pixel_box(const std::string& text);

/// The name of a person, so that it is one text however it is spaced: without blanks at its ends
/// and between Chinese characters. Throws ArchiveError{usage} when nothing is left.
std::string person_name(const std::string& text);

/// A text as a value of a field, normalised; empty when it is none.
std::string value_of_field(const FieldDescription& field, const std::string& text);

/// What `person` typed for a field. A citizen number or a credit code that is misprinted is taken
/// as it is printed, and marked; any other value must be one of its kind. Whether two persons must
/// agree is told by the form.
/// Throws ArchiveError{usage}, never with the value in it: a text that is no value of the field, a
/// region that is not on the picture.
TypedValue typed_value(const FormCatalogue& forms, const PageRecord& page, const NamedField& place,
                       const std::string& text, const PixelBox& box, const std::string& person);

/// That `person` finds the value right that somebody else typed. Throws ArchiveError{usage}:
/// nobody typed one, two contradict each other, it is the person's own.
TypedValue confirmation(const PageRecord& page, const NamedField& place, const std::string& person);

}  // namespace archive
