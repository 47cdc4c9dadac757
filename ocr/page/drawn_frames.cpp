#include "ocr/page/drawn_frames.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

#include "ocr/page/thin_lines.h"

namespace archive {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kSteepest = 0.25;       // slope of a stamp's longer sides
constexpr double kParallel = 0.03;       // slopes
constexpr double kHidden = 0.5;          // of a side's length: what is left of it
constexpr double kUneven = 0.08;         // of a side's length: that its ends lie off a corner
constexpr double kLines = 1.5;           // lengths of a frame in other lines: they have a direction
constexpr double kOfFrame = 1.1;         // half sides
constexpr double kWithOthers = 0.8;      // degrees
constexpr double kReachOfEnds = 3;       // thicknesses of a line: how far sides are followed
constexpr double kGoesOn = 0.9;          // share with ink
constexpr int kEndsGoingOn = 2;          // of eight ends of sides
constexpr std::size_t kLinesMost = 400;  // a page of nothing but lines is no page of stamps
constexpr int kPairsMost = 60;           // the same, of lines with shorter ones between their ends
constexpr double kLeastSide = 0.5;       // of a shorter side, with ink

cv::Point2d along(const Frame& f) {
  return {std::cos(f.angle_degrees * kDegree), std::sin(f.angle_degrees * kDegree)};
}

// Whether two lines, `upper` and `lower`, can be the longer sides of one frame: they end at one
// corner at least, and neither is much longer. Text that a side crosses may hide or lengthen it.
bool can_be_sides(const ThinLine& upper, const ThinLine& lower, const FrameSearch& search) {
  if (std::abs(upper.slope() - lower.slope()) > kParallel) return false;
  const double longer = std::max(upper.length(), lower.length());
  const double shorter = std::min(upper.length(), lower.length());
  if (longer > search.longest || longer < search.shortest || shorter < kHidden * longer) {
    return false;
  }
  const double slope = (upper.slope() + lower.slope()) / 2;
  const double middle = (upper.from.x + upper.to.x + lower.from.x + lower.to.x) / 4;
  const double apart = lower.y_at(middle) - upper.y_at(middle);
  if (apart < search.lowest || apart > longer) return false;
  const double shift = -slope * apart;
  const double most = kUneven * longer + search.thickest;
  return std::abs(upper.from.x + shift - lower.from.x) < most ||
         std::abs(upper.to.x + shift - lower.to.x) < most;
}

bool has_ink(const cv::Mat& ink, cv::Point2d place) {
  const int x = cvRound(place.x);
  const int y = cvRound(place.y);
  for (int row = std::max(0, y - 1); row <= std::min(ink.rows - 1, y + 1); ++row) {
    const auto* levels = ink.ptr<std::uint8_t>(row);
    for (int column = std::max(0, x - 1); column <= std::min(ink.cols - 1, x + 1); ++column) {
      if (levels[column] >= 128) return true;
    }
  }
  return false;
}

// Where between two longer sides a shorter one runs best, as x of its middle; nothing where there
// is none.
std::optional<double> shorter_side(const cv::Mat& ink, const Frame& frame, double from, double to) {
  constexpr int kSteps = 16;
  const cv::Point2d right = along(frame);
  const cv::Point2d below(-right.y, right.x);
  const double off = 0.2 * frame.down;
  double best = from;
  int most = -1;
  for (double x = from; x <= to; ++x) {
    const cv::Point2d middle = frame.centre + (x - frame.centre.x) / right.x * right;
    int inked = 0;
    for (int step = 0; step < kSteps; ++step) {
      const double share = (2.0 * step + 1) / kSteps - 1;
      const cv::Point2d place = middle + share * frame.down * below;
      const bool alone = !has_ink(ink, place - off * right) || !has_ink(ink, place + off * right);
      inked += alone && has_ink(ink, place) ? 1 : 0;
    }
    if (inked > most) best = x, most = inked;
  }
  if (most < kLeastSide * kSteps) return std::nullopt;
  return best;
}

// Where one of the longer sides is hidden or lengthened by text, the shorter ones show its ends.
std::optional<Frame> frame_between(const cv::Mat& ink, const ThinLine& upper, const ThinLine& lower,
                                   double margin) {
  const double slope = (upper.slope() + lower.slope()) / 2;
  const double stretch = std::hypot(1.0, slope);
  const double middle = (upper.from.x + upper.to.x + lower.from.x + lower.to.x) / 4;
  const double apart = lower.y_at(middle) - upper.y_at(middle);
  const Frame frame{{middle, upper.y_at(middle) + apart / 2},
                    0,
                    apart / 2 / stretch,
                    std::atan(slope) / kDegree,
                    0,
                    0};
  const double shift = -slope * apart / 2;  // from the upper side to the middle, the way down
  struct Ends {
    double from, to;
    std::optional<double> best;
    std::array<double, 3> all() const { return {*best, from, to}; }
  };
  const auto ends = [&](double above, double below) {
    const auto [from, to] = std::minmax({above + shift, below - shift});
    return Ends{from, to, shorter_side(ink, frame, from - margin, to + margin)};
  };
  const Ends lefts = ends(upper.from.x, lower.from.x);
  const Ends rights = ends(upper.to.x, lower.to.x);
  if (!lefts.best || !rights.best) return std::nullopt;
  Frame best;
  for (const double left : lefts.all()) {
    for (const double right : rights.all()) {
      Frame start = frame;
      start.across = (right - left) / 2 * stretch;
      start.centre += ((left + right) / 2 - frame.centre.x) * cv::Point2d(1, slope);
      start = fit_frame(ink, start);
      if (start.coverage + start.weakest_side > best.coverage + best.weakest_side) best = start;
    }
  }
  return best;
}

// At how many of its eight ends the sides run on.
int sides_going_on(const cv::Mat& ink, const Frame& frame, double thickest) {
  const cv::Point2d right = along(frame);
  const cv::Point2d below(-right.y, right.x);
  const double reach = kReachOfEnds * thickest;
  int going_on = 0;
  for (const double x : {-1.0, 1.0}) {
    for (const double y : {-1.0, 1.0}) {
      const cv::Point2d corner = place_on(frame, x, y);
      for (const cv::Point2d& way : {x * right, y * below}) {
        int seen = 0;
        int inked = 0;
        for (double off = thickest; off < thickest + reach; ++off, ++seen) {
          inked += has_ink(ink, corner + off * way) ? 1 : 0;
        }
        going_on += inked > kGoesOn * seen ? 1 : 0;
      }
    }
  }
  return going_on;
}

// Whether a rule within ends at a side: rows of a table do. Rules under a stamp run on through it.
bool has_rungs(const cv::Mat& ink, const Frame& frame, double thickest) {
  const cv::Point2d right = along(frame);
  const cv::Point2d below(-right.y, right.x);
  const auto share = [&](const cv::Point2d& from, const cv::Point2d& way, double length) {
    int seen = 0;
    int inked = 0;
    for (double off = 0; off <= length; ++off, ++seen) {
      inked += has_ink(ink, from + off * way) ? 1 : 0;
    }
    return static_cast<double>(inked) / std::max(1, seen);
  };
  const auto rung = [&](const cv::Point2d& middle, const cv::Point2d& way, double half) {
    const double inner = half - thickest;
    if (inner <= 0 || share(middle - inner * way, way, 2 * inner) < kGoesOn) return false;
    const double outer = half + thickest;
    return share(middle + outer * way, way, thickest) < 0.5 ||
           share(middle - outer * way, -way, thickest) < 0.5;
  };
  for (double x = thickest - frame.across; x <= frame.across - thickest; ++x) {
    if (rung(frame.centre + x * right, below, frame.down)) return true;
  }
  for (double y = thickest - frame.down; y <= frame.down - thickest; ++y) {
    if (rung(frame.centre + y * below, right, frame.across)) return true;
  }
  return false;
}

// Half of the length of all lines outside the frame is no steeper; whether it lies like that.
bool lies_with_others(const Frame& frame, const std::vector<ThinLine>& lines) {
  const cv::Point2d right = along(frame);
  const auto of_frame = [&](const ThinLine& line) {
    const cv::Point2d off = cv::Point2d(line.from + line.to) / 2 - frame.centre;
    return std::abs(off.dot(right)) < kOfFrame * frame.across &&
           std::abs(off.cross(right)) < kOfFrame * frame.down;
  };
  std::vector<std::pair<double, double>> others;  // slope, length
  double all = 0;
  for (const ThinLine& line : lines) {
    if (of_frame(line)) continue;
    others.emplace_back(line.slope(), line.length());
    all += line.length();
  }
  if (all < kLines * 2 * frame.across) return true;
  std::ranges::sort(others);
  double left = all / 2;
  const auto middle =
      std::ranges::find_if(others, [&](const auto& other) { return (left -= other.second) <= 0; });
  return std::abs(std::atan(middle->first) / kDegree - frame.angle_degrees) < kWithOthers;
}

// With sides that lie more or less level.
std::vector<DrawnFrame> level_frames(const cv::Mat& ink, const FrameSearch& search) {
  const std::vector<ThinLine> lines = thin_lines(
      ink, {search.thickest, kHidden * search.shortest, 0.1 * search.shortest, kSteepest});
  std::vector<DrawnFrame> found;
  if (lines.size() > kLinesMost) return found;
  int pairs = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t j = 0; j < lines.size(); ++j) {
      if (i == j || !can_be_sides(lines[i], lines[j], search)) continue;
      const auto fitted = frame_between(ink, lines[i], lines[j], search.thickest);
      if (!fitted) continue;
      const Frame& frame = *fitted;
      if (++pairs > kPairsMost) return found;
      if (frame.coverage < search.coverage_least ||
          frame.weakest_side < search.weakest_side_least || 2 * frame.across < search.shortest ||
          2 * frame.across > search.longest || 2 * frame.down < search.lowest ||
          frame.across < search.narrowest * frame.down ||
          sides_going_on(ink, frame, search.thickest) >= kEndsGoingOn) {
        continue;
      }
      const bool with_others = lies_with_others(frame, lines);
      if (with_others && has_rungs(ink, frame, search.thickest)) continue;
      found.push_back({frame, with_others});
    }
  }
  return found;
}

}  // namespace

std::vector<DrawnFrame> drawn_frames(const cv::Mat& ink, const FrameSearch& search) {
  std::vector<DrawnFrame> frames = level_frames(ink, search);
  cv::Mat lying;
  cv::transpose(ink, lying);
  for (DrawnFrame& drawn : level_frames(lying, search)) {
    Frame& frame = drawn.frame;
    std::swap(frame.centre.x, frame.centre.y);
    std::swap(frame.across, frame.down);
    frame.angle_degrees = -frame.angle_degrees;
    frames.push_back(drawn);
  }
  // The same sides with others beside them make more than one.
  std::ranges::stable_sort(frames, [](const DrawnFrame& a, const DrawnFrame& b) {
    return a.frame.coverage * (a.frame.across + a.frame.down) >
           b.frame.coverage * (b.frame.across + b.frame.down);
  });
  std::vector<DrawnFrame> best;
  for (const DrawnFrame& drawn : frames) {
    if (std::ranges::none_of(best, [&](const DrawnFrame& other) {
          return cv::norm(other.frame.centre - drawn.frame.centre) <
                 std::max(other.frame.across, other.frame.down) / 2;
        })) {
      best.push_back(drawn);
    }
  }
  return best;
}

}  // namespace archive
