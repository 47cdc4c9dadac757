#pragma once

#include <xapian.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/look_alikes.h"
#include "index/page_index.h"
#include "index/query.h"

// From the clerk's query to Xapian's. Only the files xapian_*.cpp include this.

namespace archive {

/// What Xapian is asked for a tier.
struct TierQuery {
  Xapian::Query query;
  /// All that this tier is about, when `query` is only what those before it lack; else empty.
  Xapian::Query covers = {};
  /// Those before it that are not `apart` found nothing that this one does not find.
  bool apart = false;
  /// A page has at least so many of the query's terms, the more the better; 0: it is no matter.
  /// Never depends on what other pages hold, so parts of an index agree with the whole of it.
  unsigned terms_min = 0;
};

/// Pages that answer equally well. Tiers are given one after the other.
struct Tier {
  enum class When {
    always,
    few,      ///< asked when the tiers before it have less than a screen of pages
    nothing,  ///< asked when they have none
  };

  std::function<TierQuery()> make;  ///< called when it is due: most queries end before the last
  std::string reason;
  double score = 0;
  When when = When::always;
};

/// What the whole index has, all of its parts together.
class Vocabulary {
 public:
  virtual ~Vocabulary() = default;
  virtual std::uint64_t pages_with(const std::string& term) const = 0;
  /// The terms that begin so, in order, at most so many.
  virtual std::vector<std::string> beginning_with(const std::string& prefix,
                                                  std::size_t at_most) const = 0;
};

/// The tiers of a query, best first. Some may be empty, or the same as an earlier one. What they
/// are made of must outlive them. Making one throws std::invalid_argument for a star that stands
/// for too many words.
std::vector<Tier> tiers_of(const QueryNode& node, const LookAlikes& look_alikes,
                           const Vocabulary& vocabulary, bool exactly);

/// What the filters let pass; empty when there are none. Throws std::invalid_argument for a period
/// or a year that is none.
Xapian::Query filter_query(const SearchFilters& filters);

}  // namespace archive
