#pragma once

#include <opencv2/core.hpp>

namespace archive {

/// The part of a grey picture where something is drawn, lighter or darker than most of it,
/// with paper around; its sides are multiples of `step` where the picture's are. The whole
/// picture when that part is half of it or more; empty when nothing is drawn.
/// REQUIRES: one channel, 8 bits.
cv::Rect drawn_part(const cv::Mat& picture, int step);

}  // namespace archive
