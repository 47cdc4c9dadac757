#pragma once

#include <string>
#include <vector>

#include "config/item_number.h"
#include "core/catalogue.h"
#include "ingest/spreadsheet/table_text.h"
#include "store/records/records.h"

namespace archive {

/// Reads the office's own catalogue: CSV or a sheet of an Excel workbook (foreign_table()). Throws
/// ArchiveError{input_missing} with file and line: a heading that is missing, a row without the
/// number of its item (R25), a number that stands twice (R2), a volume with one sequence twice,
/// pages that are no numbers or run backwards.
std::vector<CatalogueEntry> read_catalogue(const std::string& name, std::string bytes,
                                           const std::string& sheet = {});

/// The same as it goes out: by volume and sequence, so that reading and writing again gives equal
/// bytes, in whatever form (csv_text, xlsx_bytes).
OutTable catalogue_table(std::vector<CatalogueEntry> entries);

/// The catalogue of an archive: what the office gave, and for volumes that it did not catalogue
/// the items as they were put together, numbered by the office's pattern.
std::vector<CatalogueEntry> catalogue_of(const Records& records,
                                         const ItemNumberPattern& numbers = {});

/// The same of one volume: what the office gave, else its items as they were put together. `volume`
/// stands for the archive number of one that has none.
struct VolumeCatalogue {
  std::vector<CatalogueEntry> entries;
  bool by_office = false;
};
VolumeCatalogue catalogue_of_volume(const Records& records, const DossierRecord& dossier,
                                    const std::string& volume, const ItemNumberPattern& numbers);

}  // namespace archive
