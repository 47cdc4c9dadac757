#pragma once

#include <vector>

#include "store/records/records.h"

namespace archive {

/// The dossier that was asked for, or those of a batch, or all of the archive for 0 and 0, in the
/// order of batches and numbers.
std::vector<DossierNumber> chosen_dossiers(const Records& records, DossierNumber dossier,
                                           BatchNumber batch);

}  // namespace archive
