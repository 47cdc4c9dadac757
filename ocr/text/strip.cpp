#include "ocr/text/strip.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <opencv2/imgproc.hpp>

#include "ocr/raster.h"

namespace archive {
namespace {

// The map from places in a picture of width x height to places in the quad, taken as
// the parallelogram of its first, second and last corner.
Affine into_quad(const Quad& quad, double width, double height) {
  const Point& origin = quad.corners[0];
  const Point& right = quad.corners[1];
  const Point& down = quad.corners[3];
  return {(right.x - origin.x) / width, (down.x - origin.x) / height, origin.x,
          (right.y - origin.y) / width, (down.y - origin.y) / height, origin.y};
}

cv::Mat cut(const cv::Mat& page, const Quad& quad, cv::Size size) {
  cv::Mat picture;
  cv::warpAffine(page, picture, to_cv(into_quad(quad, size.width, size.height)), size,
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return picture;
}

// Interpolation alone would skip pixels when a tall line is brought down to a low
// strip: such a line is cut at its own size first and then averaged.
cv::Mat cut_to(const cv::Mat& page, const Quad& quad, cv::Size size) {
  const double shrink = quad.height() / size.height;
  if (shrink < 1.25) return cut(page, quad, size);
  const int factor = static_cast<int>(std::ceil(shrink));
  cv::Mat picture;
  cv::resize(cut(page, quad, size * factor), picture, size, 0, 0, cv::INTER_AREA);
  return picture;
}

}  // namespace

Pixels cut_picture(const Pixels& page, const Quad& quad, int width, int height) {
  assert(width > 0 && height > 0);
  Pixels picture;
  cv::Mat target = make_pixels(picture, width, height, page.channels);
  cut_to(view(page), quad, {width, height}).copyTo(target);
  return picture;
}

Strip cut_strip(const Pixels& grey, const Quad& quad, int width, int height) {
  assert(grey.channels == 1 && width > 0 && height > 0);
  const cv::Mat picture = cut_to(view(grey), quad, {width, height});
  const auto plane = static_cast<std::size_t>(picture.total());
  Strip strip{width, height, std::vector<float>(3 * plane)};
  cv::Mat first(picture.size(), CV_32F, strip.planes.data());
  picture.convertTo(first, CV_32F, 1 / 127.5, -1);
  const auto begin = strip.planes.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(plane);
  std::copy(begin, end, std::copy(begin, end, end));
  return strip;
}

}  // namespace archive
