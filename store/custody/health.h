#pragma once

#include <optional>

#include "core/custody.h"
#include "store/objects/object_store.h"

namespace archive {

/// What a look at an object means; nothing when it is sound.
std::optional<Defect> defect_of(ObjectHealth health);

}  // namespace archive
