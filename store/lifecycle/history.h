#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/ledger.h"
#include "store/records/records.h"

namespace archive {

/// Which events somebody looks for; empty or 0: any.
struct EventFilter {
  std::string who, action;
  std::string object_kind;
  std::int64_t object_number = 0;
  std::string from, to;  ///< days, YYYY-MM-DD, both included
};

/// What was changed, as the ledger has it, for whoever reads it (稽核, R70).
class History {
 public:
  /// Lives as long as this.
  explicit History(Records& records) : records_(records) {}

  /// Newest first, those before the event `before` (0: all), until visit() says false.
  void newest_first(const EventFilter& filter, std::int64_t before,
                    const std::function<bool(const Records::Event&)>& visit) const;
  std::vector<std::string> actions() const;  ///< that there are, in their order
  /// An entry as it was hashed. Throws ArchiveError{damage} for changes that cannot be expanded.
  std::optional<LedgerEntry> entry(std::int64_t number) const;

 private:
  Records& records_;
};

}  // namespace archive
