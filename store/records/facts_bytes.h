#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/facts.h"

namespace archive {

/// The facts of a dossier as kept: one Zstandard frame of numbers and texts in the order of
/// core/facts.h (docs/STORE_FORMAT.md, "Facts"). The same facts give the same bytes.
std::string facts_bytes(const DossierFacts& facts);

/// Throws ArchiveError{records} when the bytes are not such facts, or of a newer form.
DossierFacts parse_facts(std::string_view bytes);

/// A sketch of a text: 32 bits a hash, low byte first.
std::string sketch_bytes(const std::vector<std::uint32_t>& sketch);
std::vector<std::uint32_t> parse_sketch(std::string_view bytes);

}  // namespace archive
