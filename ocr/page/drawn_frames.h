#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "ocr/page/frames.h"

namespace archive {

struct DrawnFrame {
  Frame frame;
  bool with_others = false;  ///< lies as the other lines of the picture do: a box of a form may
};

struct FrameSearch {
  double longest = 0;    ///< of the longer sides, pixels
  double shortest = 0;   ///< the same
  double lowest = 0;     ///< of the shorter sides
  double thickest = 0;   ///< of the lines
  double narrowest = 1;  ///< longer side to shorter side
  double coverage_least = 0.7;
  double weakest_side_least = 0.35;
};

/// Rectangles of thin lines in a picture of ink (one channel, from 128 on there is ink), whatever
/// they lie on. Cells of a table, whose sides run on beyond the corners, are none.
std::vector<DrawnFrame> drawn_frames(const cv::Mat& ink, const FrameSearch& search);

}  // namespace archive
