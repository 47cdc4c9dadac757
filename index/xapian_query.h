#pragma once

#include <xapian.h>

#include <string>
#include <vector>

#include "index/page_index.h"
#include "index/query.h"

// From the clerk's query to Xapian's. Only xapian_index.cpp includes this.

namespace archive {

/// Pages that answer equally well. Tiers are given one after the other.
struct Tier {
  Xapian::Query query;
  std::string reason;
  double score = 0;
  bool last_resort = false;  ///< asked only when nothing was found before it
};

/// The tiers of a query, best first. Some may be empty, or the same as an earlier one.
std::vector<Tier> tiers_of(const QueryNode& node);

/// The query, among the pages that the filters let pass.
Xapian::Query filtered_by(const SearchFilters& filters, const Xapian::Query& query);

}  // namespace archive
