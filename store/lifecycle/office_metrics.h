#pragma once

#include <cstdint>
#include <string>

#include "store/records/records.h"

namespace archive {

/// How the office keeps its records (R36, Order 14 art. 4): timeliness 及时性, completeness 完整性,
/// accuracy 准确性, security 安全性 and confidentiality 保密性. Counts alone; nothing personal.
struct OfficeMetrics {
  // From the delivery of a batch to the approval of its items.
  std::int64_t approved = 0;  ///< items
  double days_median = 0;
  double days_p90 = 0;
  std::int64_t waiting = 0;  ///< items that nobody approved yet

  std::int64_t dossiers = 0;
  std::int64_t complete = 0;  ///< no open finding of a paper or page that is missing

  std::int64_t sampled_pages = 0;  ///< of acceptances that are closed
  std::int64_t sampled_right = 0;
  std::int64_t values_seen = 0;    ///< read by the machine and settled by persons
  std::int64_t values_right = 0;   ///< of these, read as persons did

  std::int64_t refusals = 0;  ///< that the ledger has, since `since`
};

/// Of the records as they are now; refusals since a moment as timestamp_now() has it.
OfficeMetrics office_metrics(Records& records, const std::string& since);

}  // namespace archive
