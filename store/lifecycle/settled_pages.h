#pragma once

#include <map>
#include <optional>
#include <string>

#include "store/records/records.h"

namespace archive {

/// A person's decision that a page stays set aside as it is: the paper is no better, or is not one
/// that belongs here.
struct SettledPage {
  std::string reason;
  std::string settled_by, settled_at;
};

class SettledPages {
 public:
  /// Lives as long as this.
  explicit SettledPages(Records& records) : records_(records) {}

  /// Throws std::invalid_argument without a reason, for a page that is not set aside, that another
  /// stands in for, or that was settled already.
  void settle(PageNumber page, const std::string& reason);
  /// Of the pages of a batch those that stay set aside for what they were then.
  std::map<PageNumber, SettledPage> of_batch(BatchNumber batch) const;

 private:
  Records& records_;
};

/// A batch that was held for a person is complete, for the reason that is given. Throws
/// std::invalid_argument when there is no such batch, it is not held, or no reason is given.
void release_batch(Records& records, BatchNumber batch, const std::string& reason);

}  // namespace archive
