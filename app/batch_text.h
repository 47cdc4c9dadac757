#pragma once

#include "app/console.h"
#include "core/records.h"

namespace archive {

/// Prints how a batch stands, for people, on standard output.
void print_batch(const BatchRecord& batch, const BatchCounts& counts, const Console& console);

/// "pages in 12 = filed 11 + set aside 1", and what was replaced if anything was.
std::string balance_text(const BatchCounts& counts, const Console& say);
/// The exit code that says how a batch came out: 0, set_aside or held.
int exit_code_of(const BatchRecord& batch, const BatchCounts& counts);

}  // namespace archive
