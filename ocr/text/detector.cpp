#include "ocr/text/detector.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/raster.h"
#include "ocr/text/drawn_part.h"
#include "ocr/text/ragged.h"

namespace archive {
namespace {

// What the network was trained with: colour means and deviations of ImageNet.
constexpr std::array<float, 3> kMean = {0.485f, 0.456f, 0.406f};
constexpr std::array<float, 3> kDeviation = {0.229f, 0.224f, 0.225f};
constexpr int kStep = 32;  // the network halves its input five times
constexpr float kThinnest = 3;

cv::Size input_size(const Pixels& grey, int side_px) {
  const double scale =
      std::min(1.0, static_cast<double>(side_px) / std::max(grey.width, grey.height));
  const auto side = [scale](int length) {
    return std::max(kStep, static_cast<int>(std::lround(length * scale / kStep)) * kStep);
  };
  return {side(grey.width), side(grey.height)};
}

std::vector<float> input_of(const cv::Mat& small) {
  const auto plane = small.total();
  std::vector<float> input(3 * plane);
  for (std::size_t c = 0; c < 3; ++c) {
    cv::Mat target(small.size(), CV_32F, input.data() + c * plane);
    small.convertTo(target, CV_32F, 1 / (255 * kDeviation[c]), -kMean[c] / kDeviation[c]);
  }
  return input;
}

double mean_inside(const cv::Mat& map, std::vector<cv::Point> contour) {
  const cv::Rect box = cv::boundingRect(contour);
  for (cv::Point& p : contour) p -= box.tl();
  cv::Mat mask = cv::Mat::zeros(box.size(), CV_8U);
  cv::fillPoly(mask, std::vector{contour}, cv::Scalar(1));
  return cv::mean(map(box), mask)[0];
}

TextPatch patch_from(const std::vector<cv::Point>& contour, const cv::RotatedRect& rect,
                     double score, const DetectorSettings& settings, cv::Point2d scale,
                     cv::Point origin) {
  std::vector<cv::Point> hull;
  cv::convexHull(contour, hull);
  TextPatch patch;
  patch.score = score;
  const double perimeter = 2.0 * (rect.size.width + rect.size.height);
  patch.margin = rect.size.area() * settings.margin_ratio / perimeter * (scale.x + scale.y) / 2;
  // A contour runs through the centres of its pixels.
  for (const cv::Point& p : hull) {
    patch.outline.push_back({(origin.x + p.x + 0.5) * scale.x, (origin.y + p.y + 0.5) * scale.y});
  }
  return patch;
}

}  // namespace

std::vector<TextPatch> detect_text(const Network& network, const Pixels& grey,
                                   const DetectorSettings& settings) {
  assert(grey.channels == 1);
  const cv::Size size = input_size(grey, settings.side_px);
  const cv::Mat small = shrink(view(grey), size);
  // Nobody pays for looking at bare paper.
  const cv::Rect part = drawn_part(small, kStep);
  if (part.empty()) return {};
  std::vector<float> input = input_of(small(part));
  const std::vector<NetworkAnswer> answers = network.run(input, {1, 3, part.height, part.width});
  const cv::Mat map(part.size(), CV_32F, const_cast<float*>(answers.front().values().data()));
  const cv::Mat core = map > settings.ink_threshold;

  std::vector<std::vector<cv::Point>> shapes;
  cv::findContours(core, shapes, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  const cv::Point2d scale(static_cast<double>(grey.width) / size.width,
                          static_cast<double>(grey.height) / size.height);
  std::vector<TextPatch> patches;
  for (const auto& shape : shapes) {
    for (const auto& contour : part_ragged(shape)) {
      const cv::RotatedRect rect = cv::minAreaRect(contour);
      if (std::min(rect.size.width, rect.size.height) < kThinnest) continue;
      const double score = mean_inside(map, contour);
      if (score < settings.score_least) continue;
      patches.push_back(patch_from(contour, rect, score, settings, scale, part.tl()));
    }
  }
  return patches;
}

}  // namespace archive
