#include "ocr/form/rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/seal_place.h"
#include "ocr/raster.h"

namespace archive::form {
namespace {

// The coarse pictures are about 1200 pixels high: 100 dpi for A4.
constexpr double kCoarseSide = 1200;
constexpr int kStrokeLength = 17;  // coarse pixels: longer than a stroke of small print
constexpr int kRuleLength = 25;    // coarse pixels: 6 mm on A4, more than a stroke
constexpr int kBridge = 9;         // a break in a rule that is closed
constexpr int kBackground = 31;    // neighbourhood that says how bright the paper is
constexpr int kContrast = 22;      // darker than the paper by so much: ink

int coarseness(const Pixels& pixels) {
  const int longest = std::max(pixels.width, pixels.height);
  return std::max(1, static_cast<int>(std::lround(longest / kCoarseSide)));
}

cv::Mat coarse(const cv::Mat& picture, int factor) {
  if (factor == 1) return picture;
  cv::Mat small;
  cv::resize(picture, small, cv::Size(picture.cols / factor, picture.rows / factor), 0, 0,
             cv::INTER_AREA);
  return small;
}

// The green channel turned upright. Coarse pictures are turned: that is cheap, and a rule
// that is seen in no other channel is not a hair line.
cv::Mat coarse_green(const CleanPage& page, int factor) {
  constexpr int kGreen = 1;
  cv::Mat green;
  cv::extractChannel(view(page.delivered.pixels), green, kGreen);
  Affine map = page.to_delivered;
  map.c /= factor;
  map.f /= factor;
  cv::Mat upright;
  cv::warpAffine(coarse(green, factor), upright, to_cv(map),
                 cv::Size(page.pixels.width / factor, page.pixels.height / factor),
                 cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return upright;
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

/// Takes away what lies along the frame of a seal: an arc is as long as a rule, and would part
/// the text that it crosses.
void remove_frame(cv::Mat& rules, const SealMark& seal, double scale) {
  constexpr double kMostly = 0.8;  // of a piece
  constexpr double kAround = 0.1;  // of the seal: its frame is as thick
  const Box box = seal.quad.bounds();
  const double dx = kAround * box.width(), dy = kAround * box.height();
  const auto px = [&](double length) { return static_cast<int>(std::floor(length / scale)); };
  const cv::Rect around = cv::Rect(cv::Point(px(box.left - dx), px(box.top - dy)),
                                   cv::Point(px(box.right + dx) + 1, px(box.bottom + dy) + 1)) &
                          cv::Rect(0, 0, rules.cols, rules.rows);
  if (around.empty()) return;
  cv::Mat labels;
  const int count = cv::connectedComponents(rules(around), labels, 8, CV_32S);
  std::vector<int> all(static_cast<std::size_t>(count)), on_frame(all.size());
  for (int y = 0; y < labels.rows; ++y) {
    for (int x = 0; x < labels.cols; ++x) {
      const auto piece = static_cast<std::size_t>(labels.at<int>(y, x));
      if (piece == 0) continue;
      ++all[piece];
      const Point place{(around.x + x) * scale, (around.y + y) * scale};
      on_frame[piece] += is_on_frame(seal, place) ? 1 : 0;
    }
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (on_frame[i] > kMostly * all[i]) rules(around).setTo(0, labels == static_cast<int>(i));
  }
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

RuledLines RuledLines::find(const CleanPage& page) {
  RuledLines rules;
  const Pixels& pixels = page.pixels;
  if (pixels.empty() || pixels.width < 100 || pixels.height < 100) return rules;
  const int factor = coarseness(pixels);
  Masks masks = masks_of(coarse(view(pixels), factor));
  // Rules printed in red are not seen where a red seal is not seen.
  if (!masks.any() && page.delivered.pixels.channels == 3) {
    masks = masks_of(coarse_green(page, factor));
  }
  for (const SealMark& seal : page.seals) {
    remove_frame(masks.horizontal, seal, factor);
    remove_frame(masks.vertical, seal, factor);
  }
  rules.any_ = masks.any();
  rules.scale_ = factor;
  rules.width_ = masks.horizontal.cols;
  rules.height_ = masks.horizontal.rows;
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

double RuledLines::beside(double x, double y, double reach, int step) const {
  const int row = static_cast<int>(y / scale_);
  if (row < 0 || row >= height_) return kNone;
  for (int at = std::clamp(static_cast<int>(x / scale_), 0, width_ - 1); at >= 0 && at < width_;
       at += step) {
    if (!vertical_at(at, row)) continue;
    // A rule goes on above and below the text; a stroke of a seal ends.
    int longer = 0;
    for (const double share : {-1.0, -0.5, 0.5, 1.0}) {
      longer += vertical_near(at, static_cast<int>((y + share * reach) / scale_)) ? 1 : 0;
    }
    if (longer >= 3) return at * scale_;
  }
  return kNone;
}

bool RuledLines::vertical_near(int x, int y) const {
  constexpr int kLean = 2;  // a rule may lean by so much
  if (y < 0 || y >= height_) return false;
  for (int at = std::max(0, x - kLean); at <= std::min(width_ - 1, x + kLean); ++at) {
    if (vertical_at(at, y)) return true;
  }
  return false;
}

double RuledLines::across(double x, double y, double left, double right, int step) const {
  const int column = static_cast<int>(x / scale_);
  if (column < 0 || column >= width_) return kNone;
  for (int at = std::clamp(static_cast<int>(y / scale_), 0, height_ - 1); at >= 0 && at < height_;
       at += step) {
    if (horizontal_at(column, at) && spans(at, left, right)) return at * scale_;
  }
  return kNone;
}

/// The line a blank is filled in on ends before the cell does.
bool RuledLines::spans(int y, double left, double right) const {
  constexpr int kProbes = 16, kLean = 2;
  constexpr int kFoundMin = 11;
  int found = 0;
  for (int i = 0; i < kProbes; ++i) {
    const double t = (i + 0.5) / kProbes;
    const int x = std::clamp(static_cast<int>((left + (right - left) * t) / scale_), 0, width_ - 1);
    bool here = false;
    for (int at = std::max(0, y - kLean); at <= std::min(height_ - 1, y + kLean); ++at) {
      here = here || horizontal_at(x, at);
    }
    found += here ? 1 : 0;
  }
  return found >= kFoundMin;
}

/// The vertical rules left and right of a text.
std::array<double, 2> RuledLines::sides(const Box& text) const {
  const double y = (text.top + text.bottom) / 2;
  // The looks begin just inside the text: its box may touch a rule, and the strokes of a
  // large title must not be taken for one.
  const double inset = std::min(0.25 * text.height(), 0.5 * text.width());
  const double reach = 0.6 * text.height();
  std::array<double, 3> left{}, right{};
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double at = y + text.height() * 0.1 * (static_cast<double>(i) - 1);
    left[i] = beside(text.left + inset, at, reach, -1);
    right[i] = beside(text.right - inset, at, reach, 1);
  }
  return {agreed(left), agreed(right)};
}

std::optional<Box> RuledLines::cell_around(const Box& text) const {
  if (!any_) return std::nullopt;
  const auto [left, right] = sides(text);
  Box cell{left, kNone, right, kNone};
  if (cell.left == kNone || cell.right == kNone) return std::nullopt;
  std::array<double, 5> top{}, bottom{};
  for (std::size_t i = 0; i < top.size(); ++i) {
    const double at = text.left + text.width() * (0.1 + 0.2 * static_cast<double>(i));
    top[i] = across(at, text.top + 0.25 * text.height(), cell.left, cell.right, -1);
    bottom[i] = across(at, text.bottom - 0.25 * text.height(), cell.left, cell.right, 1);
  }
  cell.top = agreed(top);
  cell.bottom = agreed(bottom);
  if (cell.top == kNone || cell.bottom == kNone) return std::nullopt;
  return cell;
}

/// Where the horizontal rule through a place ends.
double RuledLines::end_of(double x, double y, int step) const {
  constexpr int kLean = 3, kHoleMax = 12;
  int row = static_cast<int>(y / scale_), end = static_cast<int>(x / scale_);
  for (int at = end, hole = 0; at >= 0 && at < width_ && hole < kHoleMax; at += step) {
    ++hole;
    for (int lean = -kLean; lean <= kLean; ++lean) {
      const int here = row + lean;
      if (here < 0 || here >= height_ || !horizontal_at(at, here)) continue;
      row = here;
      end = at;
      hole = 0;
      break;
    }
  }
  return end * scale_;
}

std::optional<Box> RuledLines::open_cell_around(const Box& text) const {
  if (!any_) return std::nullopt;
  const auto [left, right] = sides(text);
  if ((left == kNone) == (right == kNone)) return std::nullopt;
  const double middle = (text.left + text.right) / 2;
  const double inset = 0.25 * text.height();
  Box cell{left, across(middle, text.top + inset, text.left, text.right, -1), right,
           across(middle, text.bottom - inset, text.left, text.right, 1)};
  if (cell.top == kNone || cell.bottom == kNone) return std::nullopt;
  if (left == kNone) {
    cell.left = std::max(end_of(middle, cell.top, -1), end_of(middle, cell.bottom, -1));
  } else {
    cell.right = std::min(end_of(middle, cell.top, 1), end_of(middle, cell.bottom, 1));
  }
  if (cell.left > text.left + text.height() || cell.right < text.right - text.height()) {
    return std::nullopt;
  }
  return cell;
}

std::vector<Box> RuledLines::enclosed() const {
  constexpr int kSideMin = 8;       // coarse pixels
  constexpr double kFilled = 0.7;   // of its box: other shapes are no cells
  constexpr double kLargest = 0.5;  // of the page
  std::vector<Box> boxes;
  if (!any_) return boxes;
  constexpr int kPatchesMax = 1500;
  cv::Mat paper(height_, width_, CV_8U);
  for (std::size_t i = 0; i < horizontal_.size(); ++i) {
    paper.data[i] = horizontal_[i] != 0 || vertical_[i] != 0 ? 0 : 255;
  }
  cv::erode(paper, paper, cv::getStructuringElement(cv::MORPH_RECT, cv::Size(3, 3)));
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(paper, labels, stats, centres, 4, CV_32S);
  if (count > kPatchesMax) return boxes;
  for (int i = 1; i < count; ++i) {
    const int left = stats.at<int>(i, cv::CC_STAT_LEFT), top = stats.at<int>(i, cv::CC_STAT_TOP);
    const int width = stats.at<int>(i, cv::CC_STAT_WIDTH);
    const int height = stats.at<int>(i, cv::CC_STAT_HEIGHT);
    const double box = static_cast<double>(width) * height;
    if (width < kSideMin || height < kSideMin || box > kLargest * width_ * height_) continue;
    if (stats.at<int>(i, cv::CC_STAT_AREA) < kFilled * box) continue;
    if (left == 0 || top == 0 || left + width >= width_ || top + height >= height_) continue;
    boxes.push_back({(left - 1) * scale_, (top - 1) * scale_, (left + width + 1) * scale_,
                     (top + height + 1) * scale_});
  }
  return boxes;
}

bool RuledLines::divided(double x0, double x1, double y) const {
  if (!any_) return false;
  const int row = static_cast<int>(y / scale_);
  if (row < 0 || row >= height_) return false;
  const int from = std::max(0, static_cast<int>(std::min(x0, x1) / scale_));
  const int to = std::min(width_ - 1, static_cast<int>(std::max(x0, x1) / scale_));
  for (int at = from; at <= to; ++at) {
    if (vertical_at(at, row)) return true;
  }
  return false;
}

bool RuledLines::underlined(double x0, double x1, double y0, double y1) const {
  if (!any_) return false;
  const auto column = [&](double x) {
    return std::clamp(static_cast<int>(x / scale_), 0, width_ - 1);
  };
  const int from = std::max(0, static_cast<int>(std::min(y0, y1) / scale_));
  const int to = std::min(height_ - 1, static_cast<int>(std::max(y0, y1) / scale_));
  for (int at = from; at <= to; ++at) {
    if (horizontal_at(column(x0), at) && horizontal_at(column(x1), at)) return true;
  }
  return false;
}

}  // namespace archive::form
