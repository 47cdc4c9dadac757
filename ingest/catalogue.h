#pragma once

#include <string>
#include <vector>

#include "core/catalogue.h"
#include "store/records/records.h"

namespace archive {

/// Reads the office's own catalogue (CSV, UTF-8 or GB18030). Throws ArchiveError{input_missing}
/// with file and line: a heading that is missing, a row without the number of its item (R25), a
/// number that stands twice (R2), a volume with one sequence twice, pages that are no numbers or
/// run backwards.
std::vector<CatalogueEntry> read_catalogue(const std::string& name, std::string bytes);

/// The same as CSV: by volume and sequence, so that reading and writing again gives equal bytes.
std::string catalogue_csv(std::vector<CatalogueEntry> entries);

/// The catalogue of an archive: what the office gave, and for volumes that it did not catalogue
/// the items as they were put together, numbered <volume>-<sequence of four digits>.
std::vector<CatalogueEntry> catalogue_of(const Records& records);

}  // namespace archive
