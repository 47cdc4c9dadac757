#include "ocr/page/paper.h"

#include <opencv2/imgproc.hpp>
#include <vector>

namespace archive {

cv::Mat darkest_channel(const cv::Mat& picture) {
  if (picture.channels() == 1) return picture;
  std::vector<cv::Mat> channels;
  cv::split(picture, channels);
  return cv::min(cv::min(channels[0], channels[1]), channels[2]);
}

cv::Mat joined_to_rim(const cv::Mat& mask) {
  if (cv::countNonZero(mask) == 0) return mask.clone();
  constexpr int kReached = 128;
  cv::Mat framed;
  cv::copyMakeBorder(mask, framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, cv::Scalar(255));
  cv::floodFill(framed, {0, 0}, cv::Scalar(kReached), nullptr, {}, {},
                8 | cv::FLOODFILL_FIXED_RANGE);
  const cv::Mat reached = framed == kReached;
  return reached(cv::Rect(1, 1, mask.cols, mask.rows)).clone();
}

}  // namespace archive
