#pragma once

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/text/network.h"

namespace archive {

/// How likely it is, 0..1, that the line in `quad` stands on its head, by a small
/// network that looks at the line's beginning.
double upside_down_by_shape(const Network& network, const Pixels& grey, const Quad& quad);

}  // namespace archive
