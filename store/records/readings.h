#pragma once

#include "core/records.h"
#include "store/records/sql.h"

namespace archive {

/// Keeps the reading of `before` when `fresh` takes its place with another. What has the same
/// objects, engines and configuration is the same reading: a person only decided something.
/// REQUIRES: in the transaction that writes `fresh`.
void keep_reading(Database& database, const PageRecord& before, const PageRecord& fresh);

}  // namespace archive
