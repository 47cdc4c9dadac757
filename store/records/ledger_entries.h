#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/ledger.h"
#include "store/records/sql.h"

namespace archive {

/// The entries of the ledger after the first `after`, in order. Their changes are expanded and
/// digested, one at a time. Throws ArchiveError{damage} for changes that cannot be expanded.
void for_each_entry(Database& database, std::int64_t after,
                    const std::function<void(const LedgerEntry&)>& visit);
/// The one of this number.
std::optional<LedgerEntry> ledger_entry(Database& database, std::int64_t number);

}  // namespace archive
