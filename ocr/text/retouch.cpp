#include "ocr/text/retouch.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/raster.h"

namespace archive {
namespace {

constexpr double kThickStroke = 0.12;  // of a line's height
constexpr double kLighterSeal = 0.15;  // of the way from print to paper
constexpr int kLeastContrast = 40;     // levels

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

Pixels without_thick_strokes(const Pixels& picture) {
  std::vector<std::uint8_t> levels = picture.bytes;
  const int print = level_at(levels, 0.01);
  const int paper = level_at(levels, 0.9);
  if (paper - print < kLeastContrast) return picture;
  const int side = std::max(3, cvRound(kThickStroke * picture.height));
  cv::Mat thick = view(picture) < (print + 2 * paper) / 3;
  cv::morphologyEx(thick, thick, cv::MORPH_OPEN,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side}));
  std::vector<std::uint8_t> of_seal;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (thick.at<std::uint8_t>(y, x) != 0) of_seal.push_back(picture.row(y)[x]);
    }
  }
  if (of_seal.empty()) return picture;
  const int cut = level_at(of_seal, 0.5) - (paper - print) / 20;
  const bool lighter = cut - print > kLighterSeal * (paper - print);
  cv::dilate(thick, thick, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
  Pixels bare = picture;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (thick.at<std::uint8_t>(y, x) == 0) continue;
      std::uint8_t& level = bare.row(y)[x];
      const int lifted =
          lighter ? print + (level - print) * (paper - print) / (cut - print) : paper;
      level = static_cast<std::uint8_t>(std::clamp(lifted, 0, paper));
    }
  }
  return bare;
}

Pixels with_thicker_strokes(const Pixels& picture) {
  Pixels thick;
  cv::Mat target = make_pixels(thick, picture.width, picture.height, 1);
  cv::erode(view(picture), target, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
  cv::GaussianBlur(target, target, {}, 0.8);
  return thick;
}

}  // namespace archive
