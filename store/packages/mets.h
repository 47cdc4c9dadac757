#pragma once

#include <string>
#include <string_view>

#include "store/packages/package_content.h"

namespace archive {

/// The METS document (1.12) of a packed dossier, with PREMIS 3 in it: every file with its digests,
/// what the ledger has of files and pages, and who did it. Structure as on the paper, page by page,
/// and by items. Only what is in `dossier` is told; `program` wrote it, at `made_at`.
std::string mets_of(const PackedDossier& dossier, const std::string& program,
                    const std::string& made_at);

/// Faults of a METS document: it cannot be parsed, is no METS, or names a file twice or without its
/// SHA-256. Empty when there is none. `bytes` is untrusted.
std::string fault_of_mets(std::string_view bytes);

}  // namespace archive
