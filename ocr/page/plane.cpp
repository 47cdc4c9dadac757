#include "ocr/page/plane.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/raster.h"

namespace archive {
namespace {

constexpr double kLongSideInches = 11.7;  // of A4, where the file does not say its resolution

double dots_per_inch(const PageImage& image) {
  if (image.dpi_x > 0) return image.dpi_x;
  return std::max(image.pixels.width, image.pixels.height) / kLongSideInches;
}

// A speck is ink with nothing around it. A full stop is as lonely but larger; the broken
// strokes of a pale photocopy are as small but have neighbours.
void remove_specks(double dpi, Pixels& plane) {
  const double unit = std::clamp(dpi / 100, 1.0, 6.0);
  const int speck_area = static_cast<int>(std::lround(2 * unit));
  const int around = 2 * static_cast<int>(std::lround(1.5 * unit + 1)) + 1;
  cv::Mat page = view(plane);
  const cv::Mat ink = (page < 128) / 255;
  cv::Mat nearby;
  cv::boxFilter(ink, nearby, CV_16U, {around, around}, {-1, -1}, false, cv::BORDER_CONSTANT);
  page.setTo(255, nearby <= speck_area);
}

}  // namespace

Pixels reading_plane(const Pixels& page) {
  if (page.channels == 1) return page;
  constexpr int kRed = 2;
  Pixels plane;
  cv::Mat target = make_pixels(plane, page.width, page.height, 1);
  cv::extractChannel(view(page), target, kRed);
  return plane;
}

Pixels without_specks(Pixels plane, const PageImage& page) {
  if (page.bits_per_pixel == 1) remove_specks(dots_per_inch(page), plane);
  return plane;
}

}  // namespace archive
