#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "index/page_index.h"
#include "index/token_row.h"

namespace archive {

/// Everything the index keeps of a page, before any library sees it.
struct PageTerms {
  std::vector<std::string> terms;             ///< some of them more than once
  TokenRow row;                               ///< for phrases
  std::set<std::string> fields;               ///< ids of the fields that have a value
  std::map<std::string, std::string> facets;  ///< by facet_names()
};

PageTerms terms_of(const IndexedPage& page);
/// Of all of it.
std::uint64_t fingerprint_of(const PageTerms& terms);

}  // namespace archive
