#pragma once

#include "app/console.h"
#include "ingest/ingest.h"

namespace archive {

/// Prints how a run came out and gives its exit code: 0, set_aside, held or interrupted.
int report_outcome(const IngestOutcome& outcome, const Console& console);

/// Names what a delivery held and nobody takes in.
void tell_left_out(const Delivery& delivery, const Console& console);

}  // namespace archive
