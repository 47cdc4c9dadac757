#pragma once

#include "app/console.h"
#include "viewer/reading_room.h"

namespace archive {

/// Hits as a table: number, page, type, dossier, persons, why; below each the line with marks.
void print_hits(const SearchPage& result, std::size_t first_number, const Console& say);
/// The same in groups (FoundGroup).
void print_groups(const std::vector<FoundGroup>& groups, const Console& say);
void print_facets(const SearchAnswer& answer, const Console& say);
/// One line a hit, with a header; quoted as RFC 4180 wants it.
void print_hits_csv(const SearchPage& result, const Console& say);
/// What an answer lacks, if anything.
void print_gaps(const SearchPage& result, const Console& say);

/// A cell of a CSV file. What a spreadsheet would run as a formula begins with an apostrophe.
std::string csv_cell(std::string_view text);

}  // namespace archive
