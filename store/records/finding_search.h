#pragma once

#include <string_view>
#include <vector>

#include "store/records/records.h"

namespace archive {

/// The dossiers on which a rule's finding is open, in number order.
std::vector<DossierNumber> dossiers_with_open_finding(Records& records, std::string_view rule);

}  // namespace archive
