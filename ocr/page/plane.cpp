#include "ocr/page/plane.h"

#include <opencv2/core.hpp>

#include "ocr/raster.h"

namespace archive {

Pixels reading_plane(const Pixels& page) {
  if (page.channels == 1) return page;
  constexpr int kRed = 2;
  Pixels plane;
  cv::Mat target = make_pixels(plane, page.width, page.height, 1);
  cv::extractChannel(view(page), target, kRed);
  return plane;
}

}  // namespace archive
