#include "ocr/page/seals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "ocr/page/drawn_frames.h"
#include "ocr/page/frames.h"
#include "ocr/page/rings.h"
#include "ocr/raster.h"

namespace archive {
namespace {

// Lengths are in millimetres of A4, whose longer side is the picture's.
constexpr double kMillimetre = 1.0 / 297;
constexpr double kLeastRadius = 8;  // of a ring
constexpr double kMostRadius = 38;
constexpr double kLeastBlackRadius = 14.5;  // smaller rings are found everywhere in print
constexpr double kMostBlackRadius = 31;
constexpr double kLeastSide = 9;       // of a rectangle: stamps with a name
constexpr double kLetter = 20;         // of a headline, at most
constexpr double kMostDiagonal = 110;  // longer: a table
constexpr double kNarrowest = 7;       // sides to a side
constexpr double kRound = 0.93;        // axis to axis: less is oval
constexpr double kNarrowestOval = 0.45;

constexpr double kLeastInk = 0.6;  // square millimetres on a page worth looking at
constexpr double kRingCoverage = 0.45;
constexpr double kSmallRingCoverage = 0.72;  // strokes of characters come close
constexpr double kSmallRadius = 14;
constexpr double kLargeRingCoverage = 0.6;
constexpr double kOvalCoverage = 0.7;
constexpr double kFrameCoverage = 0.7;
constexpr double kWeakestSide = 0.35;
constexpr double kBlackFrameCoverage = 0.85;
constexpr double kBlackCoverage = 0.66;
constexpr double kBlackLead = 0.3;
constexpr double kLongestBlack = 65;   // the sides of a rectangle in black: larger ones are cards,
constexpr double kShortestBlack = 20;  // smaller ones boxes to be ticked and characters
constexpr double kLowestBlack = 7;
constexpr double kThickestBlack = 1.5;
constexpr double kNarrowestBlack = 1.6;  // longer side to shorter side
constexpr double kMostInsideBlack = 0.4;
constexpr double kNearby = 1.4;  // half sides of a frame: print there shows how dark print is
constexpr double kPrintNearby = 0.007;      // share of the pixels there that are as dark
constexpr double kLighterThanPrint = 0.75;  // of the depth of print: a stamp's ink
constexpr double kLeastInside = 0.04;       // share of ink in a stamp: more than an empty frame
constexpr double kMostInside = 0.75;        // less than a spot
constexpr std::size_t kMost = 30;
constexpr double kSmaller = 0.75;      // than another stamp, on which it lies
constexpr double kStroke = 0.25;       // the same: of one of its characters
constexpr double kSureOfItself = 0.8;  // coverage of a stamp that lies on another

// Redness in grey levels: the fringes of print have less than the first, ink more than the
// second, where it is not very faint.
constexpr double kNoColour = 20;
constexpr double kColour = 48;
constexpr double kNoBlack = 40;
constexpr double kBlack = 80;

// A small picture is a part of a page.
double millimetre_of(const cv::Mat& page) {
  return std::max(2.0, std::max(page.cols, page.rows) * kMillimetre);
}

cv::Mat spread(const cv::Mat& levels, double none, double full) {
  cv::Mat ink;
  levels.convertTo(ink, CV_8U, 255 / (full - none), -255 * none / (full - none));
  return ink;
}

double median_of(const cv::Mat& picture) {
  std::array<int, 256> histogram{};
  for (int y = 0; y < picture.rows; y += 2) {
    const auto* row = picture.ptr<std::uint8_t>(y);
    for (int x = 0; x < picture.cols; x += 2) ++histogram[row[x]];
  }
  int left = static_cast<int>(picture.total()) / 8;
  int level = 0;
  while (level < 255 && (left -= histogram[static_cast<std::size_t>(level)]) > 0) ++level;
  return level;
}

// How much of the ink of one colour lies where: its channel shines, the two others are dark.
cv::Mat colour_ink(const std::vector<cv::Mat>& channels, std::size_t shining) {
  cv::Mat others, lead;
  cv::max(channels[(shining + 1) % 3], channels[(shining + 2) % 3], others);
  cv::subtract(channels[shining], others, lead);
  const double paper = median_of(lead);
  return spread(lead, paper + kNoColour, paper + kColour);
}

cv::Mat black_ink(const std::vector<cv::Mat>& channels, const cv::Mat& depth) {
  if (channels.size() == 1) return spread(depth, kNoBlack, kBlack);
  // What is coloured is light in one channel.
  cv::Mat lightest, dark;
  cv::max(channels[0], channels[1], lightest);
  cv::max(lightest, channels[2], lightest);
  cv::subtract(cv::Scalar(median_of(lightest)), lightest, dark);
  cv::min(dark, depth, dark);
  return spread(dark, kNoBlack, kBlack);
}

SealOutline outline_of(const Ring& ring, const char* colour) {
  const bool round = ring.down > kRound * ring.across;
  return {{ring.centre.x + 0.5, ring.centre.y + 0.5},
          ring.across,
          ring.down,
          ring.angle_degrees,
          colour,
          round ? "round" : "oval",
          ring.coverage};
}

SealOutline outline_of(const Frame& frame, const char* colour) {
  return {{frame.centre.x + 0.5, frame.centre.y + 0.5},
          frame.across,
          frame.down,
          frame.angle_degrees,
          colour,
          "square",
          frame.coverage};
}

bool has_something_inside(const cv::Mat& ink, const Ring& ring) {
  const double inside = ink_between(ink, ring, 0.1, 0.9);
  return inside > kLeastInside && inside < kMostInside;
}

double size_of(const SealOutline& outline) { return std::sqrt(outline.across * outline.down); }

bool is_inside(Point place, const SealOutline& outline) {
  return std::hypot(place.x - outline.centre.x, place.y - outline.centre.y) <
         std::min(outline.across, outline.down);
}

// Whether two outlines can be those of two stamps. Stamps overlap, but rarely does one lie on
// the middle of another; there the other's own strokes are found.
bool can_both_be(const SealOutline& better, const SealOutline& other) {
  const double distance =
      std::hypot(better.centre.x - other.centre.x, better.centre.y - other.centre.y);
  const double size = size_of(other) / size_of(better);
  if (distance <
      0.5 * std::max(std::min(better.across, better.down), std::min(other.across, other.down))) {
    return false;
  }
  const bool within = size < kSmaller && is_inside(other.centre, better);
  const bool around = size > 1 / kSmaller && is_inside(better.centre, other);
  const bool stroke = within && size < kStroke;
  return !(within || around) || (other.coverage > kSureOfItself && !stroke);
}

std::vector<SealOutline> without_doubles(std::vector<SealOutline> outlines) {
  // Dark ink of a colour may pass for black; what has the colour knows better.
  std::ranges::stable_sort(outlines, [](const SealOutline& a, const SealOutline& b) {
    if ((a.colour == "black") != (b.colour == "black")) return b.colour == "black";
    return a.coverage * std::sqrt(size_of(a)) > b.coverage * std::sqrt(size_of(b));
  });
  std::vector<SealOutline> kept;
  for (SealOutline& outline : outlines) {
    if (kept.size() == kMost) break;
    if (std::ranges::all_of(
            kept, [&](const SealOutline& other) { return can_both_be(other, outline); })) {
      kept.push_back(std::move(outline));
    }
  }
  return kept;
}

// Stamps of one colour on a page; all that has this colour is of a stamp or by a hand.
class ColourSearch {
 public:
  ColourSearch(const cv::Mat& ink, const char* colour)
      : ink_(ink), colour_(colour), millimetre_(millimetre_of(ink)) {}

  std::vector<SealOutline> find() {
    const double least = kLeastInk * millimetre_ * millimetre_;
    if (cv::countNonZero(ink_ >= 128) < least) return {};
    rings(kLeastRadius * millimetre_, kMostRadius * millimetre_, kRingCoverage);
    const double shorter = std::min(ink_.cols, ink_.rows);
    const double large = std::min(kMostRadius * millimetre_, 0.3 * shorter);
    if (0.52 * shorter > large) large_rings(large, 0.52 * shorter);
    const cv::Mat rest = without_rings();
    const int narrow = static_cast<int>(0.5 * millimetre_);
    letters_ = letters_of(rest, narrow);
    groups(rest, narrow);
    groups(rest, static_cast<int>(2.5 * millimetre_));
    return std::move(found_);
  }

 private:
  void rings(double least, double most, double coverage) {
    for (const Ring& ring : find_rings(ink_, {least, most, coverage, 0.1, 24})) add_ring(ring);
  }

  // A seal that fills the picture is looked for in a smaller one.
  void large_rings(double least, double most) {
    constexpr double kSide = 300;
    const cv::Mat small = shrink(ink_, kSide);
    const double scale = static_cast<double>(ink_.cols) / small.cols;
    for (Ring ring : find_rings(small, {least / scale, most / scale, kLargeRingCoverage, 0.1, 6})) {
      ring.centre *= scale;
      ring.across *= scale;
      ring.down *= scale;
      add_ring(ring);
    }
  }

  void add_ring(const Ring& round) {
    if (round.across < kSmallRadius * millimetre_ && round.coverage < kSmallRingCoverage) return;
    Ring ring = fit_oval(ink_, round);
    const bool plausible = ring.down > kNarrowestOval * ring.across &&
                           std::abs(ring.across - round.across) < 0.3 * round.across;
    if (!plausible || ring.coverage < round.coverage) ring = round;
    if (has_something_inside(ink_, ring)) found_.push_back(outline_of(ring, colour_));
  }

  // A rectangle that touches a ring hangs together with it.
  cv::Mat without_rings() const {
    cv::Mat rest = ink_.clone();
    for (const SealOutline& ring : found_) {
      if (ring.coverage < kSureOfItself || ring.across < kSmallRadius * millimetre_) continue;
      const cv::Point centre(cvRound(ring.centre.x), cvRound(ring.centre.y));
      const cv::Size axes(cvRound(ring.across), cvRound(ring.down));
      cv::ellipse(rest, centre, axes, ring.angle_degrees, 0, 360, cv::Scalar(0),
                  std::max(3, cvRound(0.12 * ring.down)));
    }
    return rest;
  }

  std::vector<cv::Rect> letters_of(const cv::Mat& ink, int gap) const {
    std::vector<cv::Rect> letters;
    for (const auto& outline : groups_of(ink, gap, 3 * millimetre_, kLetter * millimetre_)) {
      letters.push_back(cv::boundingRect(outline));
    }
    return letters;
  }

  // 国 and 自 are frames too, but they stand in a line.
  bool is_letter(const Frame& frame) const {
    if (2 * std::max(frame.across, frame.down) > kLetter * millimetre_) return false;
    const auto in_line = [&](const cv::Rect& letter) {
      const double x = std::abs(letter.x + letter.width / 2.0 - frame.centre.x);
      const double y = std::abs(letter.y + letter.height / 2.0 - frame.centre.y);
      const double size = std::max(letter.width, letter.height);
      const double side = 2 * std::max(frame.across, frame.down);
      return std::max(x, y) > 0.5 * side && std::max(x, y) < 6 * side &&
             std::min(x, y) < 0.25 * side && size > 0.6 * side && size < 1.7 * side;
    };
    return std::ranges::count_if(letters_, in_line) >= 2;
  }

  void groups(const cv::Mat& ink, int gap) {
    const double least = kLeastSide * millimetre_;
    for (const auto& outline : groups_of(ink, gap, least, kMostDiagonal * millimetre_)) {
      oval(outline, gap);
      rectangle(outline, gap);
    }
  }

  void oval(const std::vector<cv::Point>& outline, int gap) {
    if (outline.size() < 5) return;
    std::vector<cv::Point> hull;
    cv::convexHull(outline, hull);
    if (hull.size() < 5) return;
    const cv::RotatedRect around = cv::fitEllipse(hull);
    Ring start{{around.center.x, around.center.y},
               (static_cast<double>(around.size.width) - gap) / 2,
               (static_cast<double>(around.size.height) - gap) / 2,
               around.angle,
               0};
    if (std::min(start.across, start.down) < 0.4 * kLeastSide * millimetre_) return;
    const Ring ring = fit_oval(ink_, start);
    if (ring.coverage < kOvalCoverage || ring.down < kNarrowestOval * ring.across) return;
    if (has_something_inside(ink_, ring)) found_.push_back(outline_of(ring, colour_));
  }

  void rectangle(const std::vector<cv::Point>& outline, int gap) {
    const cv::RotatedRect around = cv::minAreaRect(outline);
    Frame start{{around.center.x, around.center.y},
                (static_cast<double>(around.size.width) - gap) / 2,
                (static_cast<double>(around.size.height) - gap) / 2,
                around.angle,
                0,
                0};
    while (start.angle_degrees > 45) start.angle_degrees -= 90, std::swap(start.across, start.down);
    while (start.angle_degrees <= -45) {
      start.angle_degrees += 90, std::swap(start.across, start.down);
    }
    const double longer = std::max(start.across, start.down);
    const double shorter = std::min(start.across, start.down);
    if (2 * longer < kLeastSide * millimetre_ || longer > kNarrowest * shorter) return;
    const Frame frame = fit_frame(ink_, start);
    if (frame.coverage < kFrameCoverage || frame.weakest_side < kWeakestSide) return;
    if (is_letter(frame)) return;
    const double inside = ink_inside(ink_, frame);
    if (inside < kLeastInside || inside > kMostInside) return;
    found_.push_back(outline_of(frame, colour_));
  }

  const cv::Mat& ink_;
  const char* colour_;
  double millimetre_;
  std::vector<cv::Rect> letters_;
  std::vector<SealOutline> found_;
};

// Ink of a frame that is lighter than the print around it is that of a stamp.
bool is_lighter_than_print(const cv::Mat& depth, const Frame& frame) {
  const cv::Rect page(0, 0, depth.cols, depth.rows);
  const auto at = [&](double x, double y) { return place_on(frame, x, y); };
  std::vector<double> sides;
  constexpr int kSteps = 40;
  for (int step = 0; step < kSteps; ++step) {
    const double share = (2.0 * step + 1) / kSteps - 1;
    for (const cv::Point2d& place : {at(share, -1), at(share, 1), at(-1, share), at(1, share)}) {
      const cv::Rect around = cv::Rect(cvRound(place.x) - 1, cvRound(place.y) - 1, 3, 3) & page;
      double deepest = 0;
      if (!around.empty()) cv::minMaxLoc(depth(around), nullptr, &deepest);
      sides.push_back(deepest);
    }
  }
  std::ranges::nth_element(sides, sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2));
  std::vector<std::uint8_t> nearby;
  for (double y = -kNearby; y <= kNearby; y += 1 / frame.down) {
    for (double x = -kNearby; x <= kNearby; x += 1 / frame.across) {
      const cv::Point place(at(x, y));
      if (page.contains(place)) nearby.push_back(depth.at<std::uint8_t>(place));
    }
  }
  if (nearby.empty()) return false;
  const auto print = nearby.begin() + static_cast<std::ptrdiff_t>(
                                          (1 - kPrintNearby) * static_cast<double>(nearby.size()));
  std::ranges::nth_element(nearby, print);
  return sides[sides.size() / 2] < kLighterThanPrint * *print;
}

void find_black(const cv::Mat& ink, const cv::Mat& depth, std::vector<SealOutline>& found) {
  const double millimetre = millimetre_of(ink);
  const RingSearch search{kLeastBlackRadius * millimetre, kMostBlackRadius * millimetre,
                          kBlackCoverage, kBlackLead, 40};
  for (const Ring& ring : find_rings(ink, search)) {
    if (has_something_inside(ink, ring)) found.push_back(outline_of(ring, "black"));
  }
  const FrameSearch frames{.longest = kLongestBlack * millimetre,
                           .shortest = kShortestBlack * millimetre,
                           .lowest = kLowestBlack * millimetre,
                           .thickest = kThickestBlack * millimetre,
                           .narrowest = kNarrowestBlack,
                           .coverage_least = kBlackFrameCoverage,
                           .weakest_side_least = kWeakestSide};
  for (const DrawnFrame& drawn : drawn_frames(ink, frames)) {
    const double inside = ink_inside(ink, drawn.frame);
    if (inside < kLeastInside || inside > kMostInsideBlack) continue;
    if (drawn.with_others && !is_lighter_than_print(depth, drawn.frame)) continue;
    found.push_back(outline_of(drawn.frame, "black"));
  }
}

}  // namespace

std::vector<SealOutline> find_seals(const Pixels& page, const Pixels& depth) {
  std::vector<cv::Mat> channels;
  cv::split(view(page), channels);
  std::vector<SealOutline> found;
  if (page.channels == 3) {
    constexpr std::size_t kBlue = 0;
    constexpr std::size_t kRed = 2;
    found = ColourSearch(colour_ink(channels, kRed), "red").find();
    for (SealOutline& seal : ColourSearch(colour_ink(channels, kBlue), "blue").find()) {
      found.push_back(std::move(seal));
    }
  }
  find_black(black_ink(channels, view(depth)), view(depth), found);
  return without_doubles(std::move(found));
}

Quad quad_of(const SealOutline& outline) {
  const bool circle = outline.shape == "round";
  const double angle = circle ? 0 : outline.angle_degrees * std::numbers::pi / 180;
  const Point along = {std::cos(angle) * outline.across, std::sin(angle) * outline.across};
  const Point across = {-std::sin(angle) * outline.down, std::cos(angle) * outline.down};
  const auto corner = [&](double x, double y) {
    return Point{outline.centre.x + x * along.x + y * across.x,
                 outline.centre.y + x * along.y + y * across.y};
  };
  Quad quad{{corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)}};
  const auto upper_left =
      std::ranges::min_element(quad.corners, {}, [](const Point& p) { return p.x + p.y; });
  std::rotate(quad.corners.begin(), upper_left, quad.corners.end());
  return quad;
}

SealOutline moved(const SealOutline& outline, const Affine& map) {
  SealOutline result = outline;
  const double scale = std::hypot(map.a, map.d);
  result.centre = map(outline.centre);
  result.across *= scale;
  result.down *= scale;
  result.angle_degrees += std::atan2(map.d, map.a) * 180 / std::numbers::pi;
  result.angle_degrees = std::remainder(result.angle_degrees, 180.0);
  return result;
}

}  // namespace archive
