#pragma once

#include <optional>
#include <vector>

#include "core/page.h"
#include "core/pixels.h"

namespace archive {

/// Where a sheet with two pages side by side (an open book, two pages on one copy) is parted:
/// x of the middle of the gutter, in pixels of the upright `grey`. Nothing for a single page, a
/// table or a form that lies across, whose rows or rules run over the middle.
std::optional<double> gutter_of(const Pixels& grey, const std::vector<TextRegion>& regions);

}  // namespace archive
