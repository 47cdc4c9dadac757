#pragma once

#include <opencv2/core.hpp>

// What every look at a sheet begins with.

namespace archive {

/// The colour channel that shows ink best, place by place: the darkest. A picture that is grey
/// already is not copied.
cv::Mat darkest_channel(const cv::Mat& picture);

/// The part of a mask (0 or 255) that hangs together with the rim of the picture, as the lid of
/// a scanner does.
cv::Mat joined_to_rim(const cv::Mat& mask);

}  // namespace archive
