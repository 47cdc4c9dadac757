#include "ocr/page/upright.h"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <utility>

#include "ocr/raster.h"

namespace archive {
namespace {

// From a page of width x height after undoing the quarter turns to the delivered one.
Affine quarter_turn(int rotation, double width, double height) {
  switch (rotation) {
    case 0:
      return {};
    case 90:
      return {0, -1, height, 1, 0, 0};
    case 180:
      return {-1, 0, width, 0, -1, height};
    case 270:
      return {0, 1, 0, -1, 0, width};
    default:
      throw std::logic_error("a page is turned by quarters only");
  }
}

bool is_quarter_turn(const Affine& map) {
  return (map.a == 0 || map.b == 0) && (map.d == 0 || map.e == 0);
}

cv::RotateFlags undoing(const Affine& map) {
  if (map.a < 0) return cv::ROTATE_180;
  return map.b < 0 ? cv::ROTATE_90_COUNTERCLOCKWISE : cv::ROTATE_90_CLOCKWISE;
}

}  // namespace

UprightFrame upright_frame(int delivered_width, int delivered_height, int rotation,
                           double skew_degrees) {
  double width = delivered_width;
  double height = delivered_height;
  if (rotation % 180 != 0) std::swap(width, height);
  const Affine turn = quarter_turn(rotation, width, height);
  if (skew_degrees == 0) {
    return {static_cast<int>(width), static_cast<int>(height), turn};
  }

  const double angle = skew_degrees * std::numbers::pi / 180;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  UprightFrame frame;
  frame.width = static_cast<int>(std::ceil(width * c + height * std::abs(s)));
  frame.height = static_cast<int>(std::ceil(height * c + width * std::abs(s)));
  const Affine to_centre{1, 0, -frame.width / 2.0, 0, 1, -frame.height / 2.0};
  const Affine clockwise{c, -s, width / 2, s, c, height / 2};
  frame.to_delivered = turn.after(clockwise.after(to_centre));
  return frame;
}

Pixels make_upright(const Pixels& delivered, const UprightFrame& frame) {
  if (frame.to_delivered == Affine{}) return delivered;
  Pixels upright;
  cv::Mat target = make_pixels(upright, frame.width, frame.height, delivered.channels);
  if (is_quarter_turn(frame.to_delivered)) {
    cv::rotate(view(delivered), target, undoing(frame.to_delivered));
  } else {
    cv::warpAffine(view(delivered), target, to_cv(frame.to_delivered), target.size(),
                   cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT,
                   cv::Scalar::all(255));
  }
  return upright;
}

}  // namespace archive
