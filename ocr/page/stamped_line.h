#pragma once

#include <vector>

#include "core/page.h"
#include "core/pixels.h"

namespace archive {

/// Page numbers are stamped in the corners of a sheet, and there they meet the number of the form:
/// both were found as one line. It is parted into the form's number and the taller stamp beside and
/// above it, which may reach into each other. `grey` is the upright page the regions belong to.
std::vector<TextRegion> part_stamped_lines(const Pixels& grey,
                                           const std::vector<TextRegion>& regions);

}  // namespace archive
