#pragma once

#include <cstdint>
#include <string>

#include "config/sampling_plan.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// Draws the sample by which a batch is to be accepted, with the pages that failed in its earlier
/// samples and what persons found wrong with them, which stands until somebody takes it back, and
/// keeps it. Throws ArchiveError{usage} when the batch is not complete, has no page,
/// or an earlier sample is still open.
AcceptanceRecord draw_acceptance(Records& records, const BatchRecord& batch,
                                 const SamplingPlan& plan, std::uint64_t seed,
                                 const std::string& who);

/// Adds what the program finds wrong with the drawn pages (set aside, to be scanned again, open
/// errors), says whether the batch passes, and files the report (R53).
/// Throws ArchiveError{usage} when no sample of the batch is open.
AcceptanceRecord close_acceptance(Records& records, ObjectStore& objects, const BatchRecord& batch,
                                  const std::string& who);

/// The sample of the batch that is open, else the last one; throws ArchiveError{not_found}.
AcceptanceRecord latest_acceptance(const Records& records, const BatchRecord& batch);

}  // namespace archive
