#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/pixels.h"
#include "viewer/iiif/image_request.h"

namespace archive {

/// A picture with its halves: level n has half the sides of level n - 1, rounded up, each pixel the
/// mean of up to four. A tile of any scale factor is then a piece of one level.
struct PicturePyramid {
  std::vector<Pixels> levels;  ///< at least one; the first is the whole

  std::size_t bytes() const;
};
PicturePyramid pyramid_of(Pixels whole);

/// The pixels that a request asks for. REQUIRES: it was parsed for a picture of this size.
Pixels rendered(const PicturePyramid& picture, const ImageRequest& request);

/// The bytes of a file of this format: JPEG by libjpeg, PNG by libpng, WebP by libwebp. Throws
/// std::runtime_error when the library refuses.
std::string encoded(const Pixels& pixels, ImageRequest::Format format);

}  // namespace archive
