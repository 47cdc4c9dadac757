#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/page_index.h"
#include "index/xapian_query.h"
#include "index/xapian_shards.h"

// Asks the tiers of a query of every shard and puts the answers in one order. Only the files
// xapian_*.cpp include this.

namespace archive {

/// Where a search goes on: behind a page of a tier, among the pages there were at its beginning.
struct Cursor {
  std::size_t tier = 0;
  PageNumber page = 0;     ///< the last one given
  std::size_t ranked = 0;  ///< of a tier that is ranked by terms: how many were given
  PageNumber newest = 0;   ///< the highest page number then

  std::string text() const;
  static std::optional<Cursor> parse(const std::string& text);
};

/// Throws Xapian::Error; a shard that cannot be read names itself by ShardError.
SearchAnswer answer_tiers(const Shards& shards, const std::vector<Tier>& tiers,
                          const SearchRequest& request,
                          const std::vector<const QueryLeaf*>& leaves);

}  // namespace archive
