#pragma once

#include <vector>

#include "core/arrangement.h"
#include "store/records/sql.h"

namespace archive {

/// The decisions about the structure of a batch in their order, ended ones too.
std::vector<Arrangement> arrangements_of(Database& database, BatchNumber batch);

}  // namespace archive
