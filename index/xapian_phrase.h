#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "index/token_row.h"
#include "index/xapian_query.h"

// Only the files xapian_*.cpp include this.

namespace archive {

/// The slot of what else the index keeps of a page, behind those of its facets.
inline constexpr Xapian::valueno kRowSlot = 15;
/// A value of this slot: the fingerprint in eight bytes, then the page's row of tokens.
inline constexpr std::size_t kFingerprintBytes = 8;

/// Pages on which one of the phrases stands. To be asked together with terms that such a page has:
/// it looks at each page that it is asked for.
Xapian::Query standing(std::vector<RowPhrase> phrases);

}  // namespace archive
