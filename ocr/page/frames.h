#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace archive {

/// The frame of a rectangular stamp on a reduced picture, in its pixels.
struct Frame {
  cv::Point2d centre;
  double across = 0;         ///< half the length of the sides along `angle_degrees`
  double down = 0;           ///< half the length of the others
  double angle_degrees = 0;  ///< -45 < angle <= 45, clockwise from level
  double coverage = 0;       ///< share of the frame, as far as it is in the picture, with ink
  double weakest_side = 0;   ///< the same of the side that has least
};

/// A place of the picture by the frame's own axes, 1 being a side.
cv::Point2d place_on(const Frame& frame, double across, double down);

/// The frame near `start` that lies best on the ink (one channel, 0 none, 255 surely) and
/// has none beside it.
Frame fit_frame(const cv::Mat& ink, Frame start);

/// Share of the pixels with ink inside a frame, away from it.
double ink_inside(const cv::Mat& ink, const Frame& frame);

/// What lies together on a picture of ink and has the size of a stamp, as the outlines of
/// the ink; `gap` is how far, in pixels, its pieces may lie apart. At most 40, largest first.
std::vector<std::vector<cv::Point>> groups_of(const cv::Mat& ink, int gap, double least_side,
                                              double most_side);

}  // namespace archive
