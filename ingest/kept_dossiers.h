#pragma once

#include <set>
#include <vector>

#include "ingest/structure.h"

namespace archive {

/// Puts pages that are to lie elsewhere back into the dossiers that they may not leave. A page that
/// comes back lies behind the one that it lay behind, and in its item as far as that is there, else
/// in one made again. A page that another stands for is in no dossier and does not come back.
/// Returns those that were put back. Pure.
std::set<PageNumber> keep_in_place(Structure& structure, const std::vector<KeptDossier>& kept);

}  // namespace archive
