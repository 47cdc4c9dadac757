#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/custody.h"
#include "store/records/records.h"

namespace archive {

/// That somebody has seen an alarm, and what they do about it (R13). It goes on ringing for those
/// who count what is overdue, until its cause is gone; it is no longer shown as new.
struct Acknowledged {
  CustodyAlarm alarm;
  std::string reason;
  std::string acknowledged_by, acknowledged_at;
};

class AlarmBook {
 public:
  explicit AlarmBook(Records& records) : records_(records) {}

  /// Throws std::invalid_argument without a reason, and for one that was acknowledged before.
  void acknowledge(const CustodyAlarm& alarm, const std::string& reason);
  std::optional<Acknowledged> find(const CustodyAlarm& alarm) const;

 private:
  Records& records_;
};

}  // namespace archive
