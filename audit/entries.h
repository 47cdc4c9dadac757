#pragma once

#include <optional>
#include <string>

#include "audit/tables.h"

namespace archive::audit {

/// The text of changes in a Zstandard frame; nothing when it is no sound frame or larger than 128
/// MiB.
std::optional<std::string> expanded(const std::string& frame);

/// What a leaf of the ledger's tree is made of, docs/STORE_FORMAT.md, "Ledger". `changes` is the
/// expanded text, empty where the event has none.
std::string leaf_text(const RecordsFile::Event& event, const std::string& changes);

}  // namespace archive::audit
