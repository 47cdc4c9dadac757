#include "ocr/form/rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace archive::form {
namespace {

// The coarse pictures are about 1200 pixels high: 100 dpi for A4.
constexpr double kCoarseSide = 1200;
constexpr int kStrokeLength = 17;  // coarse pixels: longer than a stroke of small print
constexpr int kRuleLength = 25;    // coarse pixels: 6 mm on A4, more than a stroke
constexpr int kBridge = 9;         // a break in a rule that is closed
constexpr int kBackground = 31;    // neighbourhood that says how bright the paper is
constexpr int kContrast = 22;      // darker than the paper by so much: ink

cv::Mat coarse(const Pixels& pixels, double& scale) {
  const cv::Mat all(pixels.height, pixels.width, CV_8UC(pixels.channels),
                    const_cast<std::uint8_t*>(pixels.bytes.data()));
  const int longest = std::max(pixels.width, pixels.height);
  const int factor = std::max(1, static_cast<int>(std::lround(longest / kCoarseSide)));
  scale = factor;
  cv::Mat small;
  cv::resize(all, small, cv::Size(pixels.width / factor, pixels.height / factor), 0, 0,
             factor == 1 ? cv::INTER_NEAREST : cv::INTER_AREA);
  return small;
}

cv::Mat plane_of(const cv::Mat& picture, int channel) {
  if (picture.channels() == 1) return picture;
  cv::Mat plane;
  cv::extractChannel(picture, plane, channel);
  return plane;
}

cv::Mat ink_of(const cv::Mat& grey) {
  cv::Mat paper, ink;
  cv::boxFilter(grey, paper, CV_8U, cv::Size(kBackground, kBackground));
  cv::subtract(paper, grey, ink);
  cv::threshold(ink, ink, kContrast, 255, cv::THRESH_BINARY);
  return ink;
}

cv::Mat rules_along(const cv::Mat& ink, bool horizontal) {
  const auto size = [&](int length) {
    return horizontal ? cv::Size(length, 1) : cv::Size(1, length);
  };
  const auto kernel = [&](int length) {
    return cv::getStructuringElement(cv::MORPH_RECT, size(length));
  };
  cv::Mat rules;
  // Strokes go first: closed too early, a line of digits becomes a rule.
  cv::morphologyEx(ink, rules, cv::MORPH_OPEN, kernel(kStrokeLength));
  cv::morphologyEx(rules, rules, cv::MORPH_CLOSE, kernel(kBridge));
  cv::morphologyEx(rules, rules, cv::MORPH_OPEN, kernel(kRuleLength));
  return rules;
}

struct Masks {
  cv::Mat horizontal, vertical;
  bool any() const {
    return cv::countNonZero(horizontal) > kRuleLength && cv::countNonZero(vertical) > kRuleLength;
  }
};

Masks masks_of(const cv::Mat& plane) {
  const cv::Mat ink = ink_of(plane);
  return {rules_along(ink, true), rules_along(ink, false)};
}

std::vector<std::uint8_t> bytes_of(const cv::Mat& picture) {
  return {picture.data, picture.data + picture.total()};
}

constexpr double kNone = -1;

/// The median of the sides that were found, or kNone when most found nothing.
template <std::size_t N>
double agreed(std::array<double, N> found) {
  std::ranges::sort(found);
  const auto none = static_cast<std::size_t>(std::ranges::count(found, kNone));
  if (none * 2 > N) return kNone;
  return found[none + (N - none) / 2];
}

}  // namespace

RuledLines RuledLines::find(const Pixels& pixels) {
  RuledLines rules;
  if (pixels.empty() || pixels.width < 100 || pixels.height < 100) return rules;
  const cv::Mat picture = coarse(pixels, rules.scale_);
  // A red seal is not seen in the red channel; rules printed in red are not either.
  constexpr int kRed = 2, kGreen = 1;
  Masks masks = masks_of(plane_of(picture, kRed));
  if (!masks.any() && picture.channels() == 3) masks = masks_of(plane_of(picture, kGreen));
  rules.any_ = masks.any();
  rules.width_ = picture.cols;
  rules.height_ = picture.rows;
  rules.horizontal_ = bytes_of(masks.horizontal);
  rules.vertical_ = bytes_of(masks.vertical);
  return rules;
}

bool RuledLines::horizontal_at(int x, int y) const {
  return horizontal_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                     static_cast<std::size_t>(x)] != 0;
}

bool RuledLines::vertical_at(int x, int y) const {
  return vertical_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                   static_cast<std::size_t>(x)] != 0;
}

double RuledLines::left_of(double x, double y) const {
  const int row = static_cast<int>(y / scale_);
  if (row < 0 || row >= height_) return kNone;
  for (int at = std::min(static_cast<int>(x / scale_), width_ - 1); at >= 0; --at) {
    if (vertical_at(at, row)) return at * scale_;
  }
  return kNone;
}

double RuledLines::right_of(double x, double y) const {
  const int row = static_cast<int>(y / scale_);
  if (row < 0 || row >= height_) return kNone;
  for (int at = std::max(0, static_cast<int>(x / scale_)); at < width_; ++at) {
    if (vertical_at(at, row)) return at * scale_;
  }
  return kNone;
}

double RuledLines::above(double x, double y) const {
  const int column = static_cast<int>(x / scale_);
  if (column < 0 || column >= width_) return kNone;
  for (int at = std::min(static_cast<int>(y / scale_), height_ - 1); at >= 0; --at) {
    if (horizontal_at(column, at)) return at * scale_;
  }
  return kNone;
}

double RuledLines::below(double x, double y) const {
  const int column = static_cast<int>(x / scale_);
  if (column < 0 || column >= width_) return kNone;
  for (int at = std::max(0, static_cast<int>(y / scale_)); at < height_; ++at) {
    if (horizontal_at(column, at)) return at * scale_;
  }
  return kNone;
}

std::optional<Box> RuledLines::cell_around(const Box& text) const {
  if (!any_) return std::nullopt;
  const double y = (text.top + text.bottom) / 2;
  // The looks begin just inside the text: its box may touch a rule, and the strokes of a
  // large title must not be taken for one.
  const double inset = std::min(0.25 * text.height(), 0.5 * text.width());
  std::array<double, 3> left{}, right{};
  std::array<double, 5> top{}, bottom{};
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double at = y + text.height() * 0.2 * (static_cast<double>(i) - 1);
    left[i] = left_of(text.left + inset, at);
    right[i] = right_of(text.right - inset, at);
  }
  for (std::size_t i = 0; i < top.size(); ++i) {
    const double at = text.left + text.width() * (0.1 + 0.2 * static_cast<double>(i));
    top[i] = above(at, text.top + 0.25 * text.height());
    bottom[i] = below(at, text.bottom - 0.25 * text.height());
  }
  const Box cell{agreed(left), agreed(top), agreed(right), agreed(bottom)};
  if (cell.left == kNone || cell.top == kNone || cell.right == kNone || cell.bottom == kNone) {
    return std::nullopt;
  }
  return cell;
}

bool RuledLines::divided(double x0, double x1, double y) const {
  if (!any_) return false;
  const double found = right_of(std::min(x0, x1), y);
  return found != kNone && found < std::max(x0, x1);
}

}  // namespace archive::form
