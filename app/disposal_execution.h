#pragma once

#include "app/keeping_commands.h"

namespace archive {

/// `juanzong disposal --carry-out`: disposes of the pages of a list and puts their batches together
/// again. The objects go with the next `juanzong gc`.
int carry_out_disposal(const RetentionOptions& options, const Console& say);

/// `juanzong disposal --proof`: what went, by whom, and where its objects are.
int show_disposal_proof(const RetentionOptions& options, const Console& say);

}  // namespace archive
