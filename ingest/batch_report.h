#pragma once

#include <string>

#include "config/quality_rules.h"
#include "core/records.h"
#include "store/records/records.h"

namespace archive {

/// The report of a batch (R53) as JSON: what was handed in, what was filed, what was
/// set aside and why, what a person should look at, what is to be scanned again and why (in
/// both languages), which deliveries repeat earlier ones, how the count compares with the
/// job sheet. It names files and page numbers,
/// no persons and no page text.
std::string batch_report(const Records& records, const BatchRecord& batch,
                         const QualityRules& rules);

/// Why a batch must be held for a person; empty when its count agrees with its job
/// sheet or the sheet states no count.
std::string reason_to_hold(const JobSheet& sheet, const BatchCounts& counts);

}  // namespace archive
