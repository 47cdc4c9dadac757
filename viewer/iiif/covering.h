#pragma once

#include <vector>

#include "core/geometry.h"
#include "viewer/iiif/rendering.h"

namespace archive {

/// The paper of what is covered, as grey or as each of blue, green and red.
inline constexpr int kCoverGrey = 224;

/// The picture with nothing of it but these boxes, in pixels of the whole. No pixel of any level
/// has a share of what lies outside them.
PicturePyramid covered(const PicturePyramid& picture, const std::vector<Box>& permitted);

}  // namespace archive
