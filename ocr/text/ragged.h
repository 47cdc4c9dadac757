#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace archive {

/// A shape of the detector's map taken apart: a line of text that has grown together with
/// a stamp or a neighbour becomes the line, level or slanting but of one thickness, and
/// what sticks out of it. A shape of one thickness comes back as it is.
std::vector<std::vector<cv::Point>> part_ragged(const std::vector<cv::Point>& contour);

}  // namespace archive
