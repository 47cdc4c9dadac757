#include "ocr/page/quality.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <string>

#include "ocr/histogram.h"
#include "ocr/page/paper.h"
#include "ocr/page/quality_parts.h"
#include "ocr/raster.h"

namespace archive {
namespace {

constexpr double kSidePx = 1200;  // about 100 pixels an inch on A4
constexpr double kMmPerInch = 25.4;
constexpr double kA4LongSideInches = 11.69;
// Sheets outside of these are believed to be another statement than that of the scanner: many
// programs write 72 or 96 dpi when they know nothing.
constexpr double kShortestSheetInches = 1.5;
constexpr double kLongestSheetInches = 24;
constexpr int kBilevel = 1;

// The paper is the most frequent of the bright levels, also of a card on a dark lid.
double paper_level(const cv::Mat& light) {
  constexpr double kBrightest = 0.05;
  constexpr double kNearBrightest = 0.75;
  constexpr int kSpread = 3;
  const Histogram counts = histogram_of(light);
  double left = kBrightest * static_cast<double>(light.total());
  int bright = 255;
  while (bright > 0 && (left -= counts[static_cast<std::size_t>(bright)]) > 0) --bright;
  int best = bright;
  double most = 0;
  for (int level = static_cast<int>(kNearBrightest * bright); level <= 255; ++level) {
    double sum = 0;
    for (int near = std::max(0, level - kSpread); near <= std::min(255, level + kSpread); ++near) {
      sum += counts[static_cast<std::size_t>(near)] * (kSpread + 1 - std::abs(near - level));
    }
    if (sum > most) {
      most = sum;
      best = level;
    }
  }
  return best;
}

void measure_resolution(const PageImage& page, QualityMeasures& measures) {
  const Pixels& pixels = page.pixels;
  const double stated = page.dpi_x > 0 && page.dpi_y > 0 ? std::min(page.dpi_x, page.dpi_y)
                                                         : std::max(page.dpi_x, page.dpi_y);
  const double longer = std::max(pixels.width, pixels.height);
  const bool believable = stated > 0 && longer / stated <= kLongestSheetInches &&
                          longer / stated >= kShortestSheetInches;
  if (believable) {
    measures.dpi = std::round(10 * stated) / 10;  // PNG counts dots a metre: 199.9996
  } else {
    measures.dpi_guessed = longer / kA4LongSideInches;
  }
}

void measure_exposure(const ReducedPage& page, const cv::Mat& sheet, QualityMeasures& measures) {
  constexpr double kBlack = 0.35;
  measures.paper_level = page.paper;
  const double area = cv::countNonZero(sheet);
  if (area == 0) return;
  const cv::Mat black = page.light < std::max(16.0, kBlack * page.paper);
  measures.dark_share = cv::countNonZero(black & sheet) / area;
}

// A region counts by its brighter paper, so that a photograph does not darken it.
void measure_light(const ReducedPage& page, const cv::Mat& sheet, QualityMeasures& measures) {
  constexpr int kRegions = 4;
  constexpr double kPaperShare = 0.8;
  constexpr double kMostlySheet = 0.8;
  double darkest = 255;
  double brightest = 0;
  for (int i = 0; i < kRegions * kRegions; ++i) {
    const auto part = [](int length, int index) { return length * index / kRegions; };
    const int row = i / kRegions;
    const int column = i % kRegions;
    const cv::Rect place(
        cv::Point(part(page.light.cols, column), part(page.light.rows, row)),
        cv::Point(part(page.light.cols, column + 1), part(page.light.rows, row + 1)));
    if (place.area() == 0) continue;
    const double inside = cv::countNonZero(sheet(place));
    if (inside < kMostlySheet * place.area()) continue;
    const Histogram counts = histogram_of(page.light(place), sheet(place));
    double left = kPaperShare * inside;
    int level = 0;
    while (level < 255 && (left -= counts[static_cast<std::size_t>(level)]) > 0) ++level;
    darkest = std::min<double>(darkest, level);
    brightest = std::max<double>(brightest, level);
  }
  if (brightest > 0) measures.light_ratio = darkest / brightest;
}

// A transfer that broke off leaves the rest of the picture one flat grey, which is neither the
// paper nor white nor the black of the lid.
void measure_end(const cv::Mat& picture, double paper, QualityMeasures& measures) {
  constexpr double kLikePaper = 20;
  constexpr int kDarkest = 16;
  constexpr int kBrightest = 239;
  double least = 0;
  double most = 0;
  int flat = 0;
  int first = -1;
  for (int y = picture.rows - 1; y >= 0; --y, ++flat) {
    cv::minMaxLoc(picture.row(y).reshape(1), &least, &most);
    if (first < 0) first = static_cast<int>(least);
    if (least != most || least != first || least < kDarkest || least > kBrightest) break;
    if (std::abs(least - paper) < kLikePaper) break;
  }
  measures.unfinished_share = static_cast<double>(flat) / picture.rows;
}

ReducedPage reduced(const PageImage& page, double dpi) {
  const cv::Mat small = shrink(view(page.pixels), kSidePx);
  ReducedPage made;
  made.light = brightness_of(small);
  made.dark = darkest_channel(small);
  made.scale = static_cast<double>(small.cols) / page.pixels.width;
  made.millimetre = dpi / kMmPerInch * made.scale;
  made.paper = paper_level(made.light);
  return made;
}

void measure_strokes(const cv::Mat& full, const cv::Mat& ink, double dpi,
                     QualityMeasures& measures) {
  const double dots_per_mm = dpi / kMmPerInch;
  const Strokes strokes = strokes_of(full, ink, dots_per_mm, measures.bits == kBilevel);
  // Pixels alone spread the sharpest edge so far. That is a matter of resolution, not of blur.
  constexpr double kSharpestPx = 0.8;
  const auto in_mm = [dots_per_mm](std::optional<double> pixels) -> QualityMeasures::Value {
    if (!pixels) return std::nullopt;
    const double beyond = *pixels * *pixels - kSharpestPx * kSharpestPx;
    return std::sqrt(std::max(0.0, beyond)) / dots_per_mm;
  };
  measures.text_height_px = strokes.height_px;
  measures.blur_mm = in_mm(strokes.blur_px);
  measures.blur_part_mm = in_mm(strokes.blur_part_px);
  measures.ink_contrast = strokes.contrast;
  measures.broken_share = strokes.broken_share;
}

}  // namespace

cv::Mat brightness_of(const cv::Mat& picture) {
  if (picture.channels() == 1) return picture;
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

double quantile(std::vector<float> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

QualityMeasures measure_quality(const PageImage& page) {
  QualityMeasures measures;
  measure_resolution(page, measures);
  measures.bits = page.bits_per_pixel;
  measures.partial = std::ranges::any_of(
      page.warnings, [](const std::string& warning) { return warning.starts_with("partial:"); });
  const double dpi = measures.dpi ? *measures.dpi : *measures.dpi_guessed;

  const cv::Mat picture = view(page.pixels);
  const ReducedPage small = reduced(page, dpi);
  const cv::Mat surroundings = surroundings_of(small);
  const cv::Mat sheet = ~surroundings;
  const cv::Mat ink = ink_of(small, surroundings);
  measures.border_share =
      cv::countNonZero(surroundings) / static_cast<double>(surroundings.total());
  measure_exposure(small, sheet, measures);
  measure_light(small, sheet, measures);
  measure_end(picture, small.paper, measures);
  measures.missing_corner_mm = missing_corner_mm(surroundings, small.millimetre);
  measures.cut_ink = cut_ink(ink, surroundings, small.millimetre);
  measures.streaks = streaks(small, surroundings, picture);
  if (const auto slant = slant_of(ink)) measures.skew_degrees = std::abs(*slant);
  measure_strokes(picture, ink, dpi, measures);
  return measures;
}

}  // namespace archive
