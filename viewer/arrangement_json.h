#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/arrangement.h"

namespace archive {

/// A decision about the structure for machines. Keys are stable.
nlohmann::ordered_json arrangement_json(const Arrangement& decision);

}  // namespace archive
