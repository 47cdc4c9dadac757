#pragma once

#include <string>

#include "store/records/records.h"

namespace archive {

/// The batch of this name or number. Throws ArchiveError{not_found}.
BatchRecord named_batch(const Records& records, const std::string& name);

}  // namespace archive
