#pragma once

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/geometry.h"
#include "core/pixels.h"

// The door to OpenCV inside ocr/: its pictures are views of ours. Only the sources
// in ocr/ that work on whole rasters include this.

namespace archive {

/// The same bytes seen as an OpenCV picture. It must not outlive `pixels`, and
/// nobody writes through it.
inline cv::Mat view(const Pixels& pixels) {
  return cv::Mat(pixels.height, pixels.width, CV_8UC(pixels.channels),
                 const_cast<std::uint8_t*>(pixels.bytes.data()), pixels.stride());
}

/// A picture of ours to draw into, and its view.
inline cv::Mat make_pixels(Pixels& pixels, int width, int height, int channels) {
  pixels.width = width;
  pixels.height = height;
  pixels.channels = channels;
  pixels.bytes.resize(pixels.stride() * static_cast<std::size_t>(height));
  return view(pixels);
}

/// A picture brought down to `size`: whole halvings first, and what is left, less than
/// one more, between pixels. Averaging over fractions of pixels would take ten times as long.
/// A picture that has the size already is not copied.
inline cv::Mat shrink(cv::Mat picture, cv::Size size) {
  while (picture.cols >= 2 * size.width && picture.rows >= 2 * size.height) {
    cv::Mat half;
    const cv::Mat even = picture(cv::Rect(0, 0, picture.cols & ~1, picture.rows & ~1));
    cv::resize(even, half, even.size() / 2, 0, 0, cv::INTER_AREA);
    picture = half;
  }
  if (picture.size() == size) return picture;
  cv::Mat small;
  cv::resize(picture, small, size, 0, 0, cv::INTER_LINEAR);
  return small;
}

/// The same, until the longer side has at most `side_px`.
inline cv::Mat shrink(const cv::Mat& picture, double side_px) {
  const double scale = std::min(1.0, side_px / std::max(picture.cols, picture.rows));
  const auto length = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  return shrink(picture, cv::Size(length(picture.cols), length(picture.rows)));
}

inline cv::Point2f to_cv(Point p) { return {static_cast<float>(p.x), static_cast<float>(p.y)}; }
inline Point from_cv(cv::Point2f p) { return {p.x, p.y}; }

/// Our affine map as the 2 x 3 matrix that cv::warpAffine takes. Ours maps places
/// between pixel corners, OpenCV's between pixel centres: half a pixel apart.
inline cv::Matx23d to_cv(const Affine& map) {
  return {map.a, map.b, map.c + 0.5 * (map.a + map.b) - 0.5,
          map.d, map.e, map.f + 0.5 * (map.d + map.e) - 0.5};
}

}  // namespace archive
