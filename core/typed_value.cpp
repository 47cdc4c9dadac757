#include "core/typed_value.h"

namespace archive {

std::string_view name_of(TypedState state) {
  switch (state) {
    case TypedState::waiting:
      return "typed_not_confirmed";
    case TypedState::conflict:
      return "conflict";
    case TypedState::settled:
      return "settled";
    case TypedState::none:
      break;
  }
  return "none";
}

Quad PixelBox::quad() const {
  return Quad::of(Box{static_cast<double>(x), static_cast<double>(y),
                      static_cast<double>(x) + width, static_cast<double>(y) + height});
}

bool PixelBox::lies_within(int picture_width, int picture_height) const {
  // Differences, for sums of large numbers would wrap around.
  return x >= 0 && y >= 0 && width > 0 && height > 0 && width <= picture_width &&
         height <= picture_height && x <= picture_width - width && y <= picture_height - height;
}

TypedState typed_state(const std::vector<TypedValue>& typed, std::string_view field, int row) {
  const TypedValue* first = nullptr;
  int persons = 0;
  bool mandatory = false;
  for (const TypedValue& one : typed) {
    if (one.field != field || one.row != row || !one.stands()) continue;
    if (first != nullptr && first->value != one.value) return TypedState::conflict;
    if (first == nullptr) first = &one;
    mandatory = mandatory || one.mandatory;
    ++persons;  // nobody has two statements on one field that stand
  }
  if (first == nullptr) return TypedState::none;
  return mandatory && persons < 2 ? TypedState::waiting : TypedState::settled;
}

}  // namespace archive
