#pragma once

#include <optional>
#include <vector>

#include "core/records.h"
#include "store/records/sql.h"

namespace archive {

// A page in the tables: its row, and the rows of its fields, codes, seals and pairs.
// REQUIRES everywhere: in a transaction, so that they belong together.

/// How the row of a page came to be.
struct WrittenPage {
  PageNumber number = 0;
  std::int64_t revision = 0;
  bool replaced = false;
};

/// As everybody sees it, with what persons typed (store/records/decisions.h).
std::optional<PageRecord> read_page(Database& database, PageNumber number);
/// The same without: `typed` is there, the fields are the machine's.
std::optional<PageRecord> read_page_as_read(Database& database, PageNumber number);
/// The page that a place of a source has, if any.
PageNumber page_at(Database& database, SourceNumber source, int page_in_file);
WrittenPage write_page(Database& database, const PageRecord& page);
void remove_page(Database& database, PageNumber number);

}  // namespace archive
