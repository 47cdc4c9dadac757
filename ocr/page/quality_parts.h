#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

// The parts of measure_quality(). Each looks at the page in its own way and answers nothing
// where there is nothing to measure.

namespace archive {

/// A page brought down for measuring, at most 1,200 pixels long, in two grey pictures.
struct ReducedPage {
  cv::Mat light;          ///< brightness
  cv::Mat dark;           ///< the channel that shows ink best: the darkest
  double millimetre = 0;  ///< in its pixels
  double scale = 0;       ///< its pixels over the page's
  double paper = 0;       ///< brightness of the paper
};

/// What lies around the sheet: dark, as the lid of a scanner is, and part of the picture's
/// rim. White (255) where that is. Strokes that run out of the picture are not.
cv::Mat surroundings_of(const ReducedPage& page);

/// The shorter leg, in millimetres, of the largest corner that the sheet lacks against dark
/// surroundings; 0 when it has all. A leg counts when it leaves the straight edge of the
/// sheet, so that a sheet lying askew is not torn.
double missing_corner_mm(const cv::Mat& surroundings, double millimetre);

/// What is darker than the paper around it, without the surroundings.
cv::Mat ink_of(const ReducedPage& page, const cv::Mat& surroundings);

/// How many pieces of ink of the size of characters, and rules that lead to it, run out of
/// the picture on the side where most do.
int cut_ink(const cv::Mat& ink, const cv::Mat& surroundings, double millimetre);

/// Straight hairlines from one end of the sheet to the other: dirt on a scanner's glass.
int streaks(const ReducedPage& page, const cv::Mat& surroundings, const cv::Mat& full);

/// How far lines and rules lie off level or plumb, in degrees clockwise, within 15. Nothing
/// when no direction stands out.
std::optional<double> slant_of(const cv::Mat& ink);

/// What the strokes on a page are like, from parts of it in full size.
struct Strokes {
  std::optional<double> height_px;
  std::optional<double> blur_px;
  std::optional<double> blur_part_px;
  std::optional<double> contrast;
  std::optional<double> broken_share;
};
/// `full` is the page as it was delivered, `ink` where to look. `bilevel` pictures are not
/// measured for blur and contrast, others not for broken strokes.
Strokes strokes_of(const cv::Mat& full, const cv::Mat& ink, double dots_per_mm, bool bilevel);

/// A picture in grey; one that is grey already is not copied.
cv::Mat brightness_of(const cv::Mat& picture);

/// The value below which `share` (0..1) of the values lie. REQUIRES: there is one.
double quantile(std::vector<float> values, double share);

}  // namespace archive
