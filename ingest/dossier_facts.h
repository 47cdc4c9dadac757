#pragma once

#include <string>
#include <vector>

#include "core/facts.h"
#include "store/records/records.h"

namespace archive {

/// What rules see of a dossier that was put together from these pages, in their order. Its
/// number is not known yet. `received_on` is the day it was handed in, ISO 8601.
DossierFacts facts_of(const Records::AssembledDossier& assembled,
                      const std::vector<const PageRecord*>& pages, const std::string& received_on);

}  // namespace archive
