#pragma once

#include <string>

#include "store/packages/package_content.h"

namespace archive {

/// Metadata of a dossier and its items, with the names of elements of DA/T 46-2009 as far as they
/// are known to this project (docs/PACKAGE_FORMAT.md says which): the standard's XML schema is not
/// public, and the file says so.
std::string archival_metadata_of(const PackedDossier& dossier, const std::string& sender);

}  // namespace archive
