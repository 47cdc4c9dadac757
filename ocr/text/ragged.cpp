#include "ocr/text/ragged.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace archive {
namespace {

using Contour = std::vector<cv::Point>;

constexpr double kFilled = 0.72;     // of its rectangle: a shape of one thickness
constexpr double kThick = 1.6;       // times the usual thickness: something has grown on
constexpr double kLineAspect = 5;    // lengths to thicknesses, to be taken for a line
constexpr double kPieceLeast = 0.5;  // of the line's thickness

struct Column {
  int x = 0;
  int top = 0;
  int bottom = 0;

  int height() const { return bottom - top + 1; }
  double middle() const { return (top + bottom) / 2.0; }
};

std::vector<Column> columns_of(const cv::Mat& mask) {
  std::vector<Column> columns;
  for (int x = 0; x < mask.cols; ++x) {
    Column column{x, -1, -1};
    for (int y = 0; y < mask.rows; ++y) {
      if (mask.at<std::uint8_t>(y, x) == 0) continue;
      if (column.top < 0) column.top = y;
      column.bottom = y;
    }
    if (column.top >= 0) columns.push_back(column);
  }
  return columns;
}

int median_height(const std::vector<Column>& columns) {
  std::vector<int> heights;
  for (const Column& column : columns) heights.push_back(column.height());
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), middle, heights.end());
  return *middle;
}

// Least squares through the middles: y = at + slope x.
struct Axis {
  double at = 0;
  double slope = 0;
};

Axis axis_of(const std::vector<Column>& columns) {
  const auto count = static_cast<double>(columns.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const Column& column : columns) {
    x += column.x / count;
    y += column.middle() / count;
    xx += static_cast<double>(column.x) * column.x / count;
    xy += column.x * column.middle() / count;
  }
  const double spread = xx - x * x;
  const double slope = spread > 0 ? (xy - x * y) / spread : 0;
  return {y - slope * x, slope};
}

std::vector<Contour> contours_of(const cv::Mat& mask, cv::Point origin) {
  std::vector<Contour> contours;
  cv::findContours(mask.clone(), contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE, origin);
  return contours;
}

cv::Mat band_of(cv::Size size, const Axis& axis, int thickness) {
  const double half = thickness / 2.0 + 0.5;
  const double right = size.width - 1;
  const auto at = [&](double x, double off) {
    return cv::Point(static_cast<int>(std::lround(x)),
                     static_cast<int>(std::lround(axis.at + axis.slope * x + off)));
  };
  const Contour corners = {at(0, -half), at(right, -half), at(right, half), at(0, half)};
  cv::Mat band = cv::Mat::zeros(size, CV_8U);
  cv::fillPoly(band, std::vector{corners}, cv::Scalar(255));
  return band;
}

// For shapes that run from left to right.
std::vector<Contour> part_row(const cv::Mat& mask, cv::Point origin) {
  std::vector<Column> columns = columns_of(mask);
  const int usual = median_height(columns);
  std::erase_if(columns, [&](const Column& c) { return c.height() > kThick * usual; });
  if (columns.empty() || static_cast<double>(columns.size()) < kLineAspect * usual) return {};
  const cv::Mat band = band_of(mask.size(), axis_of(columns), usual);

  std::vector<Contour> pieces = contours_of(mask & band, origin);
  for (Contour& rest : contours_of(mask & ~band, origin)) pieces.push_back(std::move(rest));
  std::erase_if(pieces, [&](const Contour& piece) {
    const cv::Rect box = cv::boundingRect(piece);
    return std::min(box.width, box.height) < kPieceLeast * usual;
  });
  return pieces;
}

}  // namespace

std::vector<Contour> part_ragged(const Contour& contour) {
  const cv::RotatedRect rect = cv::minAreaRect(contour);
  const double filled = cv::contourArea(contour) / std::max(1.0F, rect.size.area());
  if (filled > kFilled) return {contour};
  const cv::Rect box = cv::boundingRect(contour);
  Contour shifted = contour;
  for (cv::Point& p : shifted) p -= box.tl();
  cv::Mat mask = cv::Mat::zeros(box.size(), CV_8U);
  cv::fillPoly(mask, std::vector{shifted}, cv::Scalar(255));

  const bool column = box.height > box.width;
  if (column) cv::transpose(mask, mask);
  const cv::Point origin = column ? cv::Point(box.y, box.x) : box.tl();
  std::vector<Contour> pieces = part_row(mask, origin);
  if (pieces.empty()) return {contour};
  if (column) {
    for (Contour& piece : pieces) {
      for (cv::Point& p : piece) std::swap(p.x, p.y);
    }
  }
  return pieces;
}

}  // namespace archive
