#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/page.h"

namespace archive {

using TypedNumber = std::int64_t;

/// How far a value is that persons typed from the picture (R25).
enum class TypedState {
  none,      ///< nobody typed one: what the machine read stands
  waiting,   ///< typed, not confirmed: it must be known, and a second person has not seen it
  conflict,  ///< two persons typed different values; both are kept and neither counts
  settled,   ///< it counts
};
std::string_view name_of(TypedState state);

/// A region of a page's picture as it was delivered, in whole pixels.
struct PixelBox {
  int x = 0, y = 0;  ///< its top left corner
  int width = 0, height = 0;

  Quad quad() const;
  /// Whether it has an area, all of it on a picture of this size.
  bool lies_within(int picture_width, int picture_height) const;
  friend bool operator==(const PixelBox&, const PixelBox&) = default;
};

/// What one person says a field holds, with the region it was read from. It is kept beside what
/// the machine read, for ever: also when it was taken back.
struct TypedValue {
  TypedNumber number = 0;
  std::string field;  ///< id in config/forms
  int row = -1;       ///< row of a table counted from 0, or -1
  std::string raw;    ///< as it was typed
  std::string value;  ///< normalised
  FieldValidity validity = FieldValidity::valid;
  std::string problem;       ///< the paper itself bears a number that is none, such as "V01 length"
  bool mandatory = false;    ///< two persons must agree before it counts
  TypedNumber confirms = 0;  ///< the statement it was said to be right, or 0
  PixelBox box;
  std::string person;
  std::string typed_at;  ///< ISO 8601 with zone
  std::string ended_at;  ///< when it was taken back or typed anew; empty: it stands

  bool stands() const { return ended_at.empty(); }
  friend bool operator==(const TypedValue&, const TypedValue&) = default;
};

/// Where a field stands by what persons typed; statements on other fields, and those that do not
/// stand, are not looked at.
TypedState typed_state(const std::vector<TypedValue>& typed, std::string_view field, int row);

}  // namespace archive
