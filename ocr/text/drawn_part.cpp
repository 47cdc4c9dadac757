#include "ocr/text/drawn_part.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "ocr/histogram.h"

namespace archive {
namespace {

constexpr int kFaintest = 12;  // grey levels from the paper: less is nothing
constexpr int kAround = 48;    // pixels of paper around what is drawn

int median_of(const cv::Mat& picture) {
  return level_after(histogram_of(picture), picture.total() / 2);
}

}  // namespace

cv::Rect drawn_part(const cv::Mat& picture, int step) {
  // On a dark scanner bed or a photostat the paper or the writing is the lighter one.
  cv::Mat distance;
  cv::absdiff(picture, cv::Scalar(median_of(picture)), distance);
  const cv::Rect box = cv::boundingRect(distance > kFaintest);
  if (box.empty()) return box;
  const auto widened = [step](int from, int length, int most) {
    const int first = std::max(0, from - kAround) / step * step;
    const int steps = (from + length + kAround - first + step - 1) / step;
    return std::pair(first, std::min(steps * step, most - first));
  };
  const auto [x, width] = widened(box.x, box.width, picture.cols);
  const auto [y, height] = widened(box.y, box.height, picture.rows);
  const cv::Rect part(x, y, width, height);
  const cv::Rect whole(0, 0, picture.cols, picture.rows);
  return 2 * part.area() < whole.area() ? part : whole;
}

}  // namespace archive
