#pragma once

#include <vector>

#include "core/typed_value.h"
#include "store/records/sql.h"

namespace archive {

/// What persons typed for the fields of a page, in that order, ended ones too.
std::vector<TypedValue> typed_values_of(Database& database, PageNumber page);

}  // namespace archive
