#pragma once

#include <string>
#include <string_view>

#include "app/console.h"
#include "core/records.h"

namespace archive {

/// A field as it is named on the command line: "id_number", "wage[3]".
std::string field_text(const std::string& field, int row);

/// "typed, not confirmed" and the like; empty for TypedState::none.
std::string_view typed_state_text(TypedState state, const Console& say);

/// What a person said of a field, in one line: the value, who, when, where on the picture.
std::string typed_value_text(const TypedValue& typed, const Console& say);

}  // namespace archive
