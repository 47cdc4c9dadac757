#pragma once

#include <optional>
#include <string>

#include "core/records.h"
#include "store/records/sql.h"

namespace archive {

/// The digest of what an item says: its pages in order, their pictures, types and values. Two items
/// with the same one are the same to whoever looks at them. Nothing when there is no such item.
std::optional<std::string> item_contents(Database& database, DossierNumber dossier,
                                         int item_sequence);

}  // namespace archive
