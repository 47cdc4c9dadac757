#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/records.h"

namespace archive {

/// The counts of a batch or an archive as machines are told and as the batch report keeps
/// them. Keys are stable; new ones may be added.
nlohmann::ordered_json counts_json(const BatchCounts& counts);

}  // namespace archive
