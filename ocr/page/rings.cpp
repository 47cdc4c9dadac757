#include "ocr/page/rings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "ocr/raster.h"

namespace archive {
namespace {

constexpr int kInk = 128;      // of 255: counts as ink
constexpr double kEdge = 200;  // of the Sobel sum: a step from none to half of the ink
constexpr std::size_t kEdgesMost = 60'000;
constexpr double kRadiusStep = 1.5;
constexpr int kCell = 2;             // pixels of the halved picture to a cell of votes
constexpr double kVotesLeast = 0.2;  // of those that a whole ring would give
constexpr int kDirections = 128;
constexpr double kRoughly = 0.6;    // of the coverage asked for, before the fit
constexpr double kLeastAxis = 4;    // pixels; a ring must not shrink to nothing
constexpr double kInPicture = 0.4;  // share of a frame that must lie in the picture

// Half the width of a frame and the gap beside it: what lies so far off is not the frame.
double beside(double radius) { return 0.065 * radius + 1.5; }

struct Edge {
  float x, y, across, down;  // place, and the way to the ink
};

std::vector<Edge> edges_of(const cv::Mat& ink) {
  cv::Mat dx, dy;
  cv::Sobel(ink, dx, CV_16S, 1, 0);
  cv::Sobel(ink, dy, CV_16S, 0, 1);
  std::vector<Edge> edges;
  for (int y = 0; y < ink.rows; ++y) {
    const auto* row_x = dx.ptr<std::int16_t>(y);
    const auto* row_y = dy.ptr<std::int16_t>(y);
    for (int x = 0; x < ink.cols; ++x) {
      const int square = row_x[x] * row_x[x] + row_y[x] * row_y[x];
      if (square < kEdge * kEdge) continue;
      const float length = std::sqrt(static_cast<float>(square));
      edges.push_back({static_cast<float>(x), static_cast<float>(y),
                       static_cast<float>(row_x[x]) / length,
                       static_cast<float>(row_y[x]) / length});
    }
  }
  if (edges.size() > kEdgesMost) {
    const std::size_t stride = edges.size() / kEdgesMost + 1;
    std::vector<Edge> some;
    for (std::size_t i = 0; i < edges.size(); i += stride) some.push_back(edges[i]);
    edges = std::move(some);
  }
  return edges;
}

struct Peak {
  double x, y, radius, score;
};

// The table of votes for one radius. It reaches beyond the picture: a seal may leave it.
class Votes {
 public:
  Votes(cv::Size picture, double most_radius)
      : margin_(static_cast<int>(0.5 * most_radius / kCell) + 2),
        cells_(picture.height / kCell + 2 * margin_, picture.width / kCell + 2 * margin_, CV_8U) {}

  void count(const std::vector<Edge>& edges, double radius) {
    cells_.setTo(0);
    const auto r = static_cast<float>(radius);
    for (const Edge& edge : edges) {
      vote(edge.x + edge.across * r, edge.y + edge.down * r);
      vote(edge.x - edge.across * r, edge.y - edge.down * r);
    }
  }

  void peaks(double radius, double whole, std::vector<Peak>& found) {
    cv::boxFilter(cells_, sums_, CV_16U, {3, 3}, {-1, -1}, false, cv::BORDER_CONSTANT);
    const auto least = static_cast<std::uint16_t>(kVotesLeast * whole);
    for (int y = 1; y + 1 < sums_.rows; ++y) {
      const auto* row = sums_.ptr<std::uint16_t>(y);
      for (int x = 1; x + 1 < sums_.cols; ++x) {
        if (row[x] < least || !is_highest(x, y)) continue;
        found.push_back(
            {(x - margin_ + 0.5) * kCell, (y - margin_ + 0.5) * kCell, radius, row[x] / whole});
      }
    }
  }

 private:
  void vote(float x, float y) {
    const int column = static_cast<int>(x / kCell + static_cast<float>(margin_));
    const int row = static_cast<int>(y / kCell + static_cast<float>(margin_));
    if (column < 0 || row < 0 || column >= cells_.cols || row >= cells_.rows) return;
    std::uint8_t& cell = cells_.ptr<std::uint8_t>(row)[column];
    if (cell < 255) ++cell;
  }

  bool is_highest(int x, int y) const {
    const std::uint16_t value = sums_.ptr<std::uint16_t>(y)[x];
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        if (sums_.ptr<std::uint16_t>(y + dy)[x + dx] > value) return false;
      }
    }
    return true;
  }

  int margin_;
  cv::Mat cells_, sums_;
};

bool same_place(const Peak& a, const Peak& b) {
  return std::hypot(a.x - b.x, a.y - b.y) < 3 * kCell && std::abs(a.radius - b.radius) < 4;
}

// In pixels of the halved picture.
std::vector<Peak> peaks_of(const cv::Mat& half, const RingSearch& search) {
  const std::vector<Edge> edges = edges_of(half);
  const double least = std::max(search.least_radius, kLeastAxis) / 2;
  const double most = search.most_radius / 2;
  std::vector<Peak> found;
  if (static_cast<double>(edges.size()) < 2 * least) return found;
  Votes votes(half.size(), most);
  for (double radius = least; radius <= most; radius += kRadiusStep) {
    votes.count(edges, radius);
    votes.peaks(radius, 4 * std::numbers::pi * radius, found);
  }
  std::ranges::sort(found, [](const Peak& a, const Peak& b) { return a.score > b.score; });
  std::vector<Peak> best;
  for (const Peak& peak : found) {
    if (std::ranges::any_of(best, [&](const Peak& b) { return same_place(b, peak); })) continue;
    best.push_back(peak);
    if (static_cast<int>(best.size()) == search.candidates) break;
  }
  return best;
}

struct Direction {
  double cosine, sine;
};

const std::array<Direction, kDirections>& directions() {
  static const auto all = [] {
    std::array<Direction, kDirections> made{};
    for (int i = 0; i < kDirections; ++i) {
      const double angle = 2 * std::numbers::pi * i / kDirections;
      made[static_cast<std::size_t>(i)] = {std::cos(angle), std::sin(angle)};
    }
    return made;
  }();
  return all;
}

// Goes around a ring and looks at the ink on its frame and beside it.
class Walk {
 public:
  Walk(const cv::Mat& ink, const Ring& ring)
      : ink_(ink),
        ring_(ring),
        cosine_(std::cos(ring.angle_degrees * std::numbers::pi / 180)),
        sine_(std::sin(ring.angle_degrees * std::numbers::pi / 180)),
        off_(beside(std::min(ring.across, ring.down))) {}

  // The ink at a direction, `off` pixels outside the frame; -1 outside the picture.
  int at(const Direction& d, double off) const {
    const double x = (ring_.across + off) * d.cosine;
    const double y = (ring_.down + off) * d.sine;
    const int column = cvRound(ring_.centre.x + x * cosine_ - y * sine_);
    const int row = cvRound(ring_.centre.y + x * sine_ + y * cosine_);
    if (column < 0 || row < 0 || column >= ink_.cols || row >= ink_.rows) return -1;
    return ink_.ptr<std::uint8_t>(row)[column];
  }

  // How much more ink lies on the frame than beside it, 0..255, over the frame. A look at
  // every `stride`th direction is enough to choose among many.
  double strength(std::size_t stride = 1) const {
    int sum = 0;
    int seen = 0;
    for (std::size_t i = 0; i < directions().size(); i += stride) {
      const Direction& d = directions()[i];
      const int frame = at(d, 0);
      if (frame < 0) continue;
      ++seen;
      sum += std::max(0, 2 * frame - std::max(0, at(d, -off_)) - std::max(0, at(d, off_)));
    }
    const double all = static_cast<double>(kDirections) / static_cast<double>(stride);
    return seen < kInPicture * all ? 0 : sum / (2.0 * seen);
  }

  double coverage(double moved = 0) const {
    int hits = 0;
    int seen = 0;
    for (const Direction& d : directions()) {
      const int frame = at(d, moved);
      if (frame < 0) continue;
      ++seen;
      const int most = std::max({frame, at(d, moved - 1), at(d, moved + 1)});
      const int least = std::min(at(d, moved - off_), at(d, moved + off_));
      hits += most >= kInk && least < kInk ? 1 : 0;
    }
    return seen < kInPicture * kDirections ? 0 : static_cast<double>(hits) / seen;
  }

  double off() const { return off_; }

 private:
  const cv::Mat& ink_;
  const Ring& ring_;
  double cosine_, sine_, off_;
};

double strength_of(const cv::Mat& ink, const Ring& ring) { return Walk(ink, ring).strength(); }

Ring round_ring(double x, double y, double radius) { return {{x, y}, radius, radius, 0, 0}; }

// The votes are right to a few pixels only: the best of all circles around.
Ring best_nearby(const cv::Mat& half, const Peak& peak) {
  constexpr int kReach = 2;
  Ring best = round_ring(peak.x, peak.y, peak.radius);
  double strongest = -1;
  for (int dx = -kReach; dx <= kReach; ++dx) {
    for (int dy = -kReach; dy <= kReach; ++dy) {
      for (int dr = -kReach; dr <= kReach; ++dr) {
        if (peak.radius + dr < kLeastAxis / 2) continue;
        const Ring ring = round_ring(peak.x + dx, peak.y + dy, peak.radius + dr);
        const double strength = Walk(half, ring).strength(3);
        if (strength > strongest) best = ring, strongest = strength;
      }
    }
  }
  return best;
}

// Moves one measure of a ring after the other as long as that helps.
template <typename Moves>
Ring climb(const cv::Mat& ink, Ring ring, const Moves& moves) {
  double strongest = strength_of(ink, ring);
  for (const double step : {2.0, 1.0, 0.5}) {
    bool better = true;
    for (int round = 0; better && round < 12; ++round) {
      better = false;
      for (const auto& move : moves) {
        for (const double way : {step, -step}) {
          Ring moved = ring;
          move(moved, way);
          if (std::min(moved.across, moved.down) < kLeastAxis) continue;
          const double strength = strength_of(ink, moved);
          if (strength <= strongest + 0.05) continue;
          ring = moved, strongest = strength, better = true;
        }
      }
    }
  }
  return ring;
}

using Move = void (*)(Ring&, double);

Ring fit_round(const cv::Mat& ink, const Ring& start) {
  static constexpr std::array<Move, 3> kMoves = {
      +[](Ring& r, double by) { r.centre.x += by; }, +[](Ring& r, double by) { r.centre.y += by; },
      +[](Ring& r, double by) { r.across += by, r.down += by; }};
  return climb(ink, start, kMoves);
}

bool lies_on(const Ring& a, const Ring& b) {
  return cv::norm(a.centre - b.centre) < 0.3 * std::max(a.across, b.across);
}

// Of rings within each other the outermost is the frame, if there is as much of it.
void keep(const Ring& ring, std::vector<Ring>& kept) {
  constexpr double kAsMuch = 0.75;
  for (Ring& other : kept) {
    if (!lies_on(ring, other)) continue;
    const bool outer = ring.across > 1.06 * other.across;
    const bool inner = ring.across < 0.94 * other.across;
    const double needed = outer ? kAsMuch : inner ? 1 / kAsMuch : 1;
    if (ring.coverage > needed * other.coverage) other = ring;
    return;
  }
  kept.push_back(ring);
}

}  // namespace

Ring fit_oval(const cv::Mat& ink, Ring start) {
  static constexpr std::array<Move, 5> kMoves = {
      +[](Ring& r, double by) { r.centre.x += by; }, +[](Ring& r, double by) { r.centre.y += by; },
      +[](Ring& r, double by) { r.across += by; }, +[](Ring& r, double by) { r.down += by; },
      +[](Ring& r, double by) { r.angle_degrees += 60 * by / r.across; }};
  Ring ring = climb(ink, start, kMoves);
  if (ring.down > ring.across) {
    std::swap(ring.across, ring.down);
    ring.angle_degrees += 90;
  }
  ring.angle_degrees = std::remainder(ring.angle_degrees, 180.0);
  ring.coverage = ring_coverage(ink, ring);
  return ring;
}

double ring_coverage(const cv::Mat& ink, const Ring& ring) { return Walk(ink, ring).coverage(); }

double ink_between(const cv::Mat& ink, const Ring& ring, double inner, double outer) {
  int inked = 0;
  int seen = 0;
  const double radius = std::min(ring.across, ring.down);
  const Walk walk(ink, ring);
  for (double share = inner; share < outer; share += 1.5 / radius) {
    for (const Direction& d : directions()) {
      const int level = walk.at(d, (share - 1) * radius);
      if (level < 0) continue;
      ++seen;
      inked += level >= kInk ? 1 : 0;
    }
  }
  return seen == 0 ? 0 : static_cast<double>(inked) / seen;
}

std::vector<Ring> find_rings(const cv::Mat& ink, const RingSearch& search) {
  const cv::Mat half = shrink(ink, cv::Size((ink.cols + 1) / 2, (ink.rows + 1) / 2));
  std::vector<Ring> kept;
  for (const Peak& peak : peaks_of(half, search)) {
    const Ring near = best_nearby(half, peak);
    if (ring_coverage(half, near) < kRoughly * search.coverage_least) continue;
    Ring ring = fit_round(
        ink, round_ring(2 * near.centre.x + 0.5, 2 * near.centre.y + 0.5, 2 * near.across));
    ring.coverage = ring_coverage(ink, ring);
    if (ring.coverage < search.coverage_least) continue;
    const Walk walk(ink, ring);
    const double others = std::max(walk.coverage(2 * walk.off()), walk.coverage(-walk.off()));
    if (ring.coverage - others < search.lead_least) continue;
    keep(ring, kept);
  }
  return kept;
}

}  // namespace archive
