#pragma once

#include <vector>

#include "core/catalogue.h"
#include "core/records.h"
#include "ingest/structure.h"

namespace archive {

/// Divides the pages of a dossier, in their order, into items: by the office's own catalogue
/// `entries` where there is one, else by the catalogue 卷内文件目录 among the pages, else by their
/// types and titles (ingest/assembly.h). Types and retention are not told yet, nor are keys.
std::vector<ArrangedItem> divide_into_items(const std::vector<const PageRecord*>& pages,
                                            const std::vector<CatalogueEntry>& entries);

}  // namespace archive
