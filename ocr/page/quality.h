#pragma once

#include "core/page.h"
#include "core/quality.h"

namespace archive {

/// Measures the picture of a page as it was delivered, before anything is read: a few tens of
/// milliseconds, on a reduced copy and some parts in full size. Pure and deterministic; any
/// picture will do, whatever its size, depth and content. What its file says of itself
/// (resolution, a warning "partial:") is taken from `page` too.
QualityMeasures measure_quality(const PageImage& page);

}  // namespace archive
