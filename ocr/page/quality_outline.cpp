#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "ocr/page/labelled.h"
#include "ocr/page/paper.h"
#include "ocr/page/quality_parts.h"

// Where the sheet ends and what runs over that end.

namespace archive {
namespace {

cv::Mat square_of(double side) {
  const int pixels = std::max(3, static_cast<int>(std::lround(side)) | 1);
  return cv::getStructuringElement(cv::MORPH_RECT, {pixels, pixels});
}

/// How deep the surroundings reach from one side into the picture, for each place along it.
using Depths = std::vector<int>;

Depths depths_from_left(const cv::Mat& surroundings) {
  Depths depths(static_cast<std::size_t>(surroundings.rows));
  for (int y = 0; y < surroundings.rows; ++y) {
    const std::uint8_t* row = surroundings.ptr(y);
    depths[static_cast<std::size_t>(y)] =
        static_cast<int>(std::find(row, row + surroundings.cols, 0) - row);
  }
  return depths;
}

/// A side of the sheet: its depth along the picture's side. The picture's own rim when the
/// sheet is not seen to end.
struct Side {
  double slope = 0;
  double start = 0;

  double at(double place) const { return std::max(0.0, start + slope * place); }
};

float median(std::vector<float> values) { return static_cast<float>(quantile(values, 0.5)); }

// The median of the slopes between far places, then of what is left (Theil and Sen): torn
// corners and tongues do not turn it.
Side side_along(const Depths& depths) {
  constexpr std::size_t kPlaces = 80;
  constexpr double kSeen = 0.25;
  const std::size_t step = std::max<std::size_t>(1, depths.size() / kPlaces);
  std::vector<cv::Point2f> places;
  std::size_t looked = 0;
  for (std::size_t i = depths.size() / 20; i < depths.size() * 19 / 20; i += step, ++looked) {
    if (depths[i] > 0) places.emplace_back(static_cast<float>(i), static_cast<float>(depths[i]));
  }
  if (places.size() < 4 ||
      static_cast<double>(places.size()) < kSeen * static_cast<double>(looked)) {
    return {};
  }
  const std::size_t apart = places.size() / 2;
  std::vector<float> slopes;
  for (std::size_t i = 0; i + apart < places.size(); ++i) {
    const cv::Point2f d = places[i + apart] - places[i];
    slopes.push_back(d.y / d.x);
  }
  Side side;
  side.slope = median(slopes);
  std::vector<float> starts;
  for (const cv::Point2f& p : places) {
    starts.push_back(p.y - static_cast<float>(side.slope) * p.x);
  }
  side.start = median(starts);
  return side;
}

/// How long the sheet's end stays away from its straight side, from the corner on.
double leg(const Depths& depths, const Side& side, double first, double slack) {
  const auto begin = static_cast<std::size_t>(std::ceil(first));
  std::size_t at = begin;
  while (at < depths.size() && depths[at] > side.at(static_cast<double>(at)) + slack) ++at;
  return static_cast<double>(at) - first;
}

/// The missing corner at the picture's top left, in pixels; 0 when it is there.
double missing_top_left(const cv::Mat& surroundings, double millimetre) {
  constexpr double kAskew = 3.5;  // legs that differ by more are a side that lies askew
  constexpr double kLongest = 0.4;
  cv::Mat turned;
  cv::transpose(surroundings, turned);
  const Depths left = depths_from_left(surroundings);
  const Depths top = depths_from_left(turned);
  const Side left_side = side_along(left);
  const Side top_side = side_along(top);
  double corner_x = 0;
  double corner_y = 0;
  for (int i = 0; i < 4; ++i) {  // the sides are nearly square: this comes home fast
    corner_y = top_side.at(corner_x);
    corner_x = left_side.at(corner_y);
  }
  const double down = leg(left, left_side, corner_y, 0.8 * millimetre);
  const double across = leg(top, top_side, corner_x, 0.8 * millimetre);
  const auto [shorter, longer] = std::minmax(down, across);
  if (shorter <= 0 || longer > kAskew * shorter) return 0;
  if (down > kLongest * surroundings.rows || across > kLongest * surroundings.cols) return 0;
  // A fold leaves a triangle; a dark picture in the corner fills its box.
  const cv::Rect box(static_cast<int>(corner_x), static_cast<int>(corner_y),
                     static_cast<int>(across), static_cast<int>(down));
  if (box.area() == 0) return 0;
  const double dark = cv::countNonZero(surroundings(box)) / static_cast<double>(box.area());
  return dark > 0.3 && dark < 0.75 ? shorter : 0;
}

/// A place along one of the four sides of a picture (left, right, top, bottom), `in` pixels
/// inside of it.
cv::Point place_on_side(cv::Size picture, int side, int along, int in) {
  const bool upright = side < 2;
  const int last = (upright ? picture.width : picture.height) - 1;
  const int across = side % 2 == 0 ? std::min(in, last) : std::max(0, last - in);
  return upright ? cv::Point(across, along) : cv::Point(along, across);
}

/// Whether a piece that lies on a side for `along` pixels, and reaches `in` pixels into the
/// picture, is a character or a rule that goes on beyond.
bool runs_out(int along, int in, int longer, double millimetre) {
  const bool character = along < 6 * millimetre && in > 1.2 * millimetre &&
                         longer > 1.5 * millimetre && longer < 10 * millimetre;
  const bool rule = along < 1.2 * millimetre && in > 15 * millimetre;
  return character || rule;
}

/// Counts on one side. What lies from this side to the other is no cut but a streak or a fold.
int cut_on_side(const Labelled& pieces, const cv::Mat& surroundings, int side, double millimetre) {
  constexpr double kDarkSide = 0.25;
  const cv::Point rim = place_on_side(surroundings.size(), side, 0, 0);
  const cv::Mat dark = side < 2 ? surroundings.col(rim.x) : surroundings.row(rim.y);
  const auto length = static_cast<int>(dark.total());
  if (cv::countNonZero(dark) > kDarkSide * length) return 0;
  const auto piece_at = [&](int place) {
    const int outer = pieces.at(place_on_side(pieces.size(), side, place, 0));
    return outer >= 0 ? outer : pieces.at(place_on_side(pieces.size(), side, place, 1));
  };
  int count = 0;
  for (int place = 0; place < length;) {
    const int piece = piece_at(place);
    const int begin = place;
    while (place < length && piece_at(place) == piece) ++place;
    if (piece < 0) continue;
    const cv::Size size = pieces[piece].box.size();
    const int in = side < 2 ? size.width : size.height;
    const int other = side < 2 ? size.height : size.width;
    const int depth = side < 2 ? pieces.size().width : pieces.size().height;
    if (in > 0.98 * depth && other < 3 * millimetre) continue;
    count += runs_out(place - begin, in, std::max(in, other), millimetre);
  }
  return count;
}

cv::Mat paper_under(const cv::Mat& page) {
  cv::Mat small;
  cv::resize(page, small, {std::max(1, page.cols / 4), std::max(1, page.rows / 4)}, 0, 0,
             cv::INTER_AREA);
  cv::dilate(small, small, cv::getStructuringElement(cv::MORPH_RECT, {7, 7}));
  cv::blur(small, small, {9, 9});
  cv::Mat paper;
  cv::resize(small, paper, page.size(), 0, 0, cv::INTER_LINEAR);
  return paper;
}

}  // namespace

cv::Mat surroundings_of(const ReducedPage& page) {
  constexpr double kDark = 0.45;
  constexpr double kStroke = 2.0;  // millimetres; what is thinner is writing, not a lid
  cv::Mat dark = page.light < kDark * page.paper;
  cv::morphologyEx(dark, dark, cv::MORPH_OPEN, square_of(kStroke * page.millimetre));
  return joined_to_rim(dark);
}

double missing_corner_mm(const cv::Mat& surroundings, double millimetre) {
  if (cv::countNonZero(surroundings) == 0) return 0;
  double most = missing_top_left(surroundings, millimetre);
  for (const int side : {0, 1, -1}) {
    cv::Mat turned;
    cv::flip(surroundings, turned, side);
    most = std::max(most, missing_top_left(turned, millimetre));
  }
  return most / millimetre;
}

cv::Mat ink_of(const ReducedPage& page, const cv::Mat& surroundings) {
  constexpr double kDepth = 25;
  constexpr double kShare = 0.12;  // of the paper's brightness: on a dark picture less is ink
  cv::Mat depth;
  cv::subtract(paper_under(page.dark), page.dark, depth);
  cv::Mat ink = depth > std::min(kDepth, kShare * page.paper);
  cv::Mat near;
  cv::dilate(surroundings, near, square_of(1.5 * page.millimetre));
  ink.setTo(0, near);
  return ink;
}

int cut_ink(const cv::Mat& ink, const cv::Mat& surroundings, double millimetre) {
  const Labelled pieces(ink);
  int most = 0;
  for (int side = 0; side < 4; ++side) {
    most = std::max(most, cut_on_side(pieces, surroundings, side, millimetre));
  }
  return most;
}

}  // namespace archive
