#include "ocr/page/frames.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace archive {
namespace {

constexpr int kInk = 128;  // of 255: counts as ink
constexpr std::size_t kGroupsMost = 40;
constexpr int kSteps = 32;  // a side is looked at in so many places
constexpr double kInPicture = 0.5;

// What lies so far off is not the frame.
double beside(const Frame& frame) { return 0.05 * std::min(frame.across, frame.down) + 1.5; }

class Walk {
 public:
  Walk(const cv::Mat& ink, const Frame& frame)
      : ink_(ink),
        frame_(frame),
        cosine_(std::cos(frame.angle_degrees * std::numbers::pi / 180)),
        sine_(std::sin(frame.angle_degrees * std::numbers::pi / 180)),
        off_(beside(frame)) {}

  // Ink at a place of the frame's own axes; -1 outside the picture.
  int at(double x, double y) const {
    const int column = cvRound(frame_.centre.x + x * cosine_ - y * sine_);
    const int row = cvRound(frame_.centre.y + x * sine_ + y * cosine_);
    if (column < 0 || row < 0 || column >= ink_.cols || row >= ink_.rows) return -1;
    return ink_.ptr<std::uint8_t>(row)[column];
  }

  // A place of side 0 (top), 1 (right), 2 (bottom) or 3 (left), `off` pixels outside it.
  int on_side(int side, int step, double off) const {
    const double along = (2.0 * step + 1) / kSteps - 1;
    const double sign = side == 0 || side == 3 ? -1 : 1;
    if (side % 2 == 0) return at(along * frame_.across, sign * (frame_.down + off));
    return at(sign * (frame_.across + off), along * frame_.down);
  }

  double strength() const {
    double sum = 0;
    int seen = 0;
    for (int side = 0; side < 4; ++side) {
      for (int step = 0; step < kSteps; ++step) {
        const int level = on_side(side, step, 0);
        if (level < 0) continue;
        ++seen;
        const int around =
            std::max(0, on_side(side, step, -off_)) + std::max(0, on_side(side, step, off_));
        sum += std::max(0, 2 * level - around);
      }
    }
    return seen < kInPicture * 4 * kSteps ? 0 : sum / (2.0 * seen);
  }

  // Share of a side with ink; -1 when too little of it is in the picture.
  double coverage(int side) const {
    int hits = 0;
    int seen = 0;
    for (int step = 0; step < kSteps; ++step) {
      const int level = on_side(side, step, 0);
      if (level < 0) continue;
      ++seen;
      const int most = std::max({level, on_side(side, step, -1), on_side(side, step, 1)});
      const int least = std::min(on_side(side, step, -off_), on_side(side, step, off_));
      hits += most >= kInk && least < kInk ? 1 : 0;
    }
    return seen < kInPicture * kSteps ? -1 : static_cast<double>(hits) / seen;
  }

 private:
  const cv::Mat& ink_;
  const Frame& frame_;
  double cosine_, sine_, off_;
};

using Move = void (*)(Frame&, double);

// Each side moves by itself.
constexpr std::array<Move, 5> kMoves = {
    +[](Frame& f, double by) { f.across += by / 2, f.centre.x += by / 2; },
    +[](Frame& f, double by) { f.across += by / 2, f.centre.x -= by / 2; },
    +[](Frame& f, double by) { f.down += by / 2, f.centre.y += by / 2; },
    +[](Frame& f, double by) { f.down += by / 2, f.centre.y -= by / 2; },
    +[](Frame& f, double by) { f.angle_degrees += 60 * by / std::max(f.across, f.down); }};

}  // namespace

cv::Point2d place_on(const Frame& frame, double across, double down) {
  const double angle = frame.angle_degrees * std::numbers::pi / 180;
  const cv::Point2d along(std::cos(angle), std::sin(angle));
  return frame.centre + across * frame.across * along +
         down * frame.down * cv::Point2d(-along.y, along.x);
}

Frame fit_frame(const cv::Mat& ink, Frame frame) {
  double strongest = Walk(ink, frame).strength();
  for (const double step : {3.0, 1.0, 0.5}) {
    bool better = true;
    for (int round = 0; better && round < 12; ++round) {
      better = false;
      for (const Move move : kMoves) {
        for (const double way : {step, -step}) {
          Frame moved = frame;
          move(moved, way);
          if (moved.across < 4 || moved.down < 4) continue;
          const double strength = Walk(ink, moved).strength();
          if (strength <= strongest + 0.05) continue;
          frame = moved, strongest = strength, better = true;
        }
      }
    }
  }
  const Walk walk(ink, frame);
  const double length[] = {frame.across, frame.down};
  double covered = 0;
  double seen = 0;
  frame.weakest_side = 1;
  for (int side = 0; side < 4; ++side) {
    const double share = walk.coverage(side);
    if (share < 0) continue;
    covered += share * length[side % 2];
    seen += length[side % 2];
    frame.weakest_side = std::min(frame.weakest_side, share);
  }
  frame.coverage = seen > 0 ? covered / seen : 0;
  return frame;
}

double ink_inside(const cv::Mat& ink, const Frame& frame) {
  const Walk walk(ink, frame);
  const double across = frame.across - 2 * beside(frame);
  const double down = frame.down - 2 * beside(frame);
  int inked = 0;
  int seen = 0;
  for (double y = -down; y <= down; y += 1.5) {
    for (double x = -across; x <= across; x += 1.5) {
      const int level = walk.at(x, y);
      if (level < 0) continue;
      ++seen;
      inked += level >= kInk ? 1 : 0;
    }
  }
  return seen == 0 ? 0 : static_cast<double>(inked) / seen;
}

std::vector<std::vector<cv::Point>> groups_of(const cv::Mat& ink, int gap, double least_side,
                                              double most_side) {
  const cv::Mat mask = ink >= kInk;
  cv::Mat joined = mask;
  if (gap > 0) {
    cv::dilate(mask, joined, cv::getStructuringElement(cv::MORPH_RECT, {gap + 1, gap + 1}));
  }
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(joined, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  std::erase_if(outlines, [&](const std::vector<cv::Point>& outline) {
    const cv::Rect box = cv::boundingRect(outline);
    return std::max(box.width, box.height) - gap < least_side ||
           std::min(box.width, box.height) - gap < least_side / 2 ||
           std::hypot(box.width, box.height) - gap > most_side;
  });
  std::ranges::sort(outlines, [](const auto& a, const auto& b) {
    return cv::boundingRect(a).area() > cv::boundingRect(b).area();
  });
  if (outlines.size() > kGroupsMost) outlines.resize(kGroupsMost);
  return outlines;
}

}  // namespace archive
