#include "ocr/text/retouch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/raster.h"

namespace archive {
namespace {

int level_at(std::vector<std::uint8_t>& levels, double share) {
  const auto place =
      levels.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(levels.size() - 1));
  std::nth_element(levels.begin(), place, levels.end());
  return *place;
}

}  // namespace

Pixels without_light_ink(Pixels picture) {
  std::vector<std::uint8_t> levels = picture.bytes;
  const int dark = level_at(levels, 0.01);
  const int paper = level_at(levels, 0.95);
  const int cut = std::max(dark + 1, (dark + paper) / 2);
  for (std::uint8_t& level : picture.bytes) {
    level = static_cast<std::uint8_t>(std::clamp((level - dark) * 255 / (cut - dark), 0, 255));
  }
  return picture;
}

Pixels without_colour(const Pixels& picture) {
  if (picture.channels == 1) return picture;
  std::vector<cv::Mat> channels;
  cv::split(view(picture), channels);
  Pixels brightest;
  cv::Mat target = make_pixels(brightest, picture.width, picture.height, 1);
  cv::max(channels[0], channels[1], target);
  cv::max(target, channels[2], target);
  return brightest;
}

Pixels with_thicker_strokes(const Pixels& picture) {
  Pixels thick;
  cv::Mat target = make_pixels(thick, picture.width, picture.height, 1);
  cv::erode(view(picture), target, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
  cv::GaussianBlur(target, target, {}, 0.8);
  return thick;
}

}  // namespace archive
