#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace archive {

/// A straight thin line on a picture, in its pixels, `from` at the left.
struct ThinLine {
  cv::Point2d from, to;

  double length() const { return to.x - from.x; }
  double slope() const { return (to.y - from.y) / length(); }
  double y_at(double x) const { return from.y + (x - from.x) * slope(); }
};

struct ThinLineSearch {
  double thickest = 0;  ///< pixels
  double shortest = 0;
  double widest_gap = 0;  ///< without ink, within a line
  double steepest = 0;    ///< slope
};

/// Follows the thin lines that run from left to right, more or less level, through a picture of
/// ink (one channel, from 128 on there is ink). Where something else crosses a line or runs along
/// it for a while, the line goes on as it came.
std::vector<ThinLine> thin_lines(const cv::Mat& ink, const ThinLineSearch& search);

}  // namespace archive
