#pragma once

#include <vector>

#include "core/page.h"
#include "core/pixels.h"

namespace archive {

/// Lines that stand so close that they were found as one are parted where no ink lies
/// between them. `grey` is the upright page the regions belong to.
std::vector<TextRegion> part_double_lines(const Pixels& grey,
                                          const std::vector<TextRegion>& regions);

}  // namespace archive
