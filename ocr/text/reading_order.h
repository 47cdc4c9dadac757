#pragma once

#include <optional>
#include <vector>

#include "core/page.h"

namespace archive {

/// Puts the lines of an upright page into the order in which people read them: rows from
/// top to bottom, each from left to right. Lines that overlap by half of the lower one's
/// height stand in one row. Of two pages side by side the one left of `gutter` (an x) is read
/// before the other.
void put_in_reading_order(std::vector<TextLine>& lines, std::optional<double> gutter = {});

}  // namespace archive
