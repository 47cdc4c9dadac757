#include "ocr/page/seal_ink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "core/seal_place.h"
#include "ocr/raster.h"

namespace archive {
namespace {

// Distances are in radii of the frame, as it was found on a smaller picture.
constexpr double kFrameReach = 0.08;  // how far the frame may lie off
constexpr double kThickest = 0.12;    // a frame
constexpr double kSideReach = 0.16;   // the same of a rectangle, in halves of its shorter side
constexpr double kThickestSide = 0.25;
constexpr double kDisc = 1.06;       // what belongs to a seal
constexpr double kRingInner = 0.52;  // between these the characters of a ring stand
constexpr double kRingOuter = 1.04;
constexpr double kRingCharacter = 0.45;  // at most
constexpr std::size_t kSectors = 48;     // parts of a frame that are measured by themselves
constexpr double kBeyond = 2;            // pixels beside a frame: ink on both sides crosses it

constexpr double kPrintShare = 0.01;  // of a page's pixels at least as dark as its print
constexpr double kFrameShare = 0.15;  // of a frame's pixels darker than what is taken for its ink
constexpr int kPaleInk = 12;          // levels that ink is darker than paper in its own light
constexpr double kLighter = 0.22;     // of the way from print to paper: lighter than print

using Levels = std::array<int, 256>;

int level_at(const Levels& levels, double share) {
  int total = 0;
  for (const int count : levels) total += count;
  double left = share * total;
  int level = 0;
  while (level < 255 && (left -= levels[static_cast<std::size_t>(level)]) >= 0) ++level;
  return level;
}

// Every third pixel each way is enough.
Levels levels_of(const Pixels& plane) {
  Levels levels{};
  for (int y = 0; y < plane.height; y += 3) {
    const std::uint8_t* row = plane.row(y);
    for (int x = 0; x < plane.width; x += 3) ++levels[row[x]];
  }
  return levels;
}

// Where a pixel lies from the middle of a seal, whose half axes or half sides measure 1.
struct Polar {
  double direction = 0;  // radians
  double distance = 0;   // 1 at the frame
};

// A seal on its page. Levels outside the page are those of paper.
class SealOnPage {
 public:
  SealOnPage(const Pixels& plane, const SealOutline& seal)
      : plane_(plane),
        seal_(seal),
        cosine_(std::cos(seal.angle_degrees * std::numbers::pi / 180)),
        sine_(std::sin(seal.angle_degrees * std::numbers::pi / 180)) {}

  bool is_rectangle() const { return seal_.shape == "square"; }
  double radius() const { return std::min(seal_.across, seal_.down); }
  double reach() const { return is_rectangle() ? kSideReach : kFrameReach; }
  double disc() const { return is_rectangle() ? 1 + kSideReach : kDisc; }
  double thickest() const { return is_rectangle() ? kThickestSide : kThickest; }

  int level(const Polar& place) const {
    const double x_share = std::cos(place.direction);
    const double y_share = std::sin(place.direction);
    const double frame = is_rectangle() ? 1 / std::max(std::abs(x_share), std::abs(y_share)) : 1;
    const double along = place.distance * frame * seal_.across * x_share;
    const double beside = place.distance * frame * seal_.down * y_share;
    const int x = cvFloor(seal_.centre.x + along * cosine_ - beside * sine_);
    const int y = cvFloor(seal_.centre.y + along * sine_ + beside * cosine_);
    if (x < 0 || y < 0 || x >= plane_.width || y >= plane_.height) return 255;
    return plane_.row(y)[x];
  }

  Polar polar(int x, int y) const {
    const double dx = x + 0.5 - seal_.centre.x;
    const double dy = y + 0.5 - seal_.centre.y;
    const double along = (dx * cosine_ + dy * sine_) / seal_.across;
    const double beside = (-dx * sine_ + dy * cosine_) / seal_.down;
    return {std::atan2(beside, along), is_rectangle() ? std::max(std::abs(along), std::abs(beside))
                                                      : std::hypot(along, beside)};
  }

  // The part of the page that a seal of so many times the size touches.
  cv::Rect bounds(double reach) const {
    const double most = reach * (is_rectangle() ? std::hypot(seal_.across, seal_.down)
                                                : std::max(seal_.across, seal_.down));
    const int side = cvCeil(2 * most) + 1;
    const cv::Rect around(cvFloor(seal_.centre.x - most), cvFloor(seal_.centre.y - most), side,
                          side);
    return around & cv::Rect(0, 0, plane_.width, plane_.height);
  }

 private:
  const Pixels& plane_;
  const SealOutline& seal_;
  double cosine_, sine_;
};

template <typename Visit>
void each_pixel(const cv::Rect& box, const Visit& visit) {
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) visit(x, y);
  }
}

// Where a frame lies, sector by sector, as distances from the middle; and how dark it is.
struct FrameTrace {
  struct Sector {
    double inner = 0;
    double outer = 0;
  };
  std::array<Sector, kSectors> sectors{};
  Levels levels{};

  const Sector& at(double direction) const {
    const double turns = direction / (2 * std::numbers::pi) + 1;
    return sectors[static_cast<std::size_t>(turns * kSectors) % kSectors];
  }
};

// The longest run of steps with more than half of the ink of the fullest one.
std::pair<std::size_t, std::size_t> fullest_run(const std::vector<int>& inked) {
  const int most = *std::ranges::max_element(inked);
  std::pair<std::size_t, std::size_t> best{0, 0};
  for (std::size_t from = 0; from < inked.size(); ++from) {
    std::size_t to = from;
    while (to < inked.size() && 2 * inked[to] > most) ++to;
    if (to - from > best.second - best.first) best = {from, to};
    from = to;
  }
  return best;
}

// A frame is round to a few pixels only, so each sector is looked at with its neighbours.
FrameTrace trace_frame(const SealOnPage& seal, int ink_below) {
  const double step = 1 / seal.radius();  // a pixel
  const auto steps = static_cast<std::size_t>(2 * seal.reach() / step) + 1;
  const auto rays = static_cast<std::size_t>(2 * std::numbers::pi * seal.radius()) / kSectors + 1;
  const auto direction = [&](std::size_t sector, std::size_t ray) {
    return 2 * std::numbers::pi / kSectors *
           (static_cast<double>(sector) +
            (static_cast<double>(ray) + 0.5) / static_cast<double>(rays));
  };
  std::vector<std::vector<int>> inked(kSectors, std::vector<int>(steps));
  for (std::size_t sector = 0; sector < kSectors; ++sector) {
    for (std::size_t ray = 0; ray < rays; ++ray) {
      for (std::size_t k = 0; k < steps; ++k) {
        const Polar place{direction(sector, ray), 1 - seal.reach() + static_cast<double>(k) * step};
        inked[sector][k] += seal.level(place) < ink_below ? 1 : 0;
      }
    }
  }
  FrameTrace trace;
  for (std::size_t sector = 0; sector < kSectors; ++sector) {
    std::vector<int> sum(steps);
    for (const std::size_t near : {sector + kSectors - 1, sector, sector + 1}) {
      std::ranges::transform(sum, inked[near % kSectors], sum.begin(), std::plus{});
    }
    const auto [from, to] = fullest_run(sum);
    auto& [inner, outer] = trace.sectors[sector];
    inner = 1 - seal.reach() + (static_cast<double>(from) - 1) * step;
    outer = 1 - seal.reach() + (static_cast<double>(to) + 0.5) * step;
    for (std::size_t ray = 0; ray < rays; ++ray) {
      const int level = seal.level({direction(sector, ray), (inner + outer) / 2});
      if (level < ink_below) ++trace.levels[static_cast<std::size_t>(level)];
    }
  }
  return trace;
}

void lift(const SealOnPage& seal, int print, int ink, Pixels& plane) {
  each_pixel(seal.bounds(seal.disc()), [&](int x, int y) {
    if (seal.polar(x, y).distance > seal.disc()) return;
    std::uint8_t& level = plane.row(y)[x];
    level = static_cast<std::uint8_t>(std::clamp((level - print) * 255 / (ink - print), 0, 255));
  });
}

void see_in_own_light(const SealOnPage& seal, const Pixels& page, Pixels& plane) {
  each_pixel(seal.bounds(seal.disc()), [&](int x, int y) {
    if (seal.polar(x, y).distance > seal.disc()) return;
    const std::uint8_t* colour = page.row(y) + 3 * static_cast<std::ptrdiff_t>(x);
    plane.row(y)[x] = std::max({colour[0], colour[1], colour[2]});
  });
}

void take_out_frame(const SealOnPage& seal, const FrameTrace& trace, int ink_below, int paper,
                    Pixels& plane) {
  const double beyond = kBeyond / seal.radius();
  each_pixel(seal.bounds(1 + seal.reach()), [&](int x, int y) {
    const Polar place = seal.polar(x, y);
    const auto& [inner, outer] = trace.at(place.direction);
    if (place.distance < inner || place.distance > outer || outer - inner > seal.thickest()) return;
    const bool crossed = seal.level({place.direction, inner - beyond}) < ink_below &&
                         seal.level({place.direction, outer + beyond}) < ink_below;
    if (!crossed) plane.row(y)[x] = static_cast<std::uint8_t>(paper);
  });
}

// Pieces of ink that lie between the frame and the middle; what hangs together with print stays.
void take_out_ring_text(const SealOnPage& seal, int ink_below, int paper, Pixels& plane) {
  const cv::Rect box = seal.bounds(kRingOuter);
  if (box.empty()) return;
  cv::Mat labels, stats, centres;
  const int count =
      cv::connectedComponentsWithStats(view(plane)(box) < ink_below, labels, stats, centres, 8);
  std::vector<bool> stays(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const int* row = stats.ptr<int>(i);
    const int longer = std::max(row[cv::CC_STAT_WIDTH], row[cv::CC_STAT_HEIGHT]);
    stays[static_cast<std::size_t>(i)] = i == 0 || longer > kRingCharacter * seal.radius();
  }
  const auto label_at = [&](int x, int y) {
    return static_cast<std::size_t>(labels.at<int>(y - box.y, x - box.x));
  };
  each_pixel(box, [&](int x, int y) {
    const std::size_t label = label_at(x, y);
    if (stays[label]) return;
    const double distance = seal.polar(x, y).distance;
    stays[label] = distance < kRingInner || distance > kRingOuter;
  });
  each_pixel(box, [&](int x, int y) {
    if (!stays[label_at(x, y)]) plane.row(y)[x] = static_cast<std::uint8_t>(paper);
  });
}

}  // namespace

Pixels without_seal_ink(const Pixels& plane, const Pixels& page,
                        const std::vector<SealOutline>& seals) {
  Pixels bare = plane;
  const Levels levels = levels_of(plane);
  const int print = level_at(levels, kPrintShare);
  const int paper = level_at(levels, 0.5);
  const int ink_below = (print + 2 * paper) / 3;
  for (const SealOutline& outline : seals) {
    const bool pale = outline.colour != "black";
    if (pale) see_in_own_light(SealOnPage(plane, outline), page, bare);
    const SealOnPage seal(pale ? bare : plane, outline);
    const FrameTrace trace = trace_frame(seal, pale ? paper - kPaleInk : ink_below);
    const int ink = level_at(trace.levels, kFrameShare);
    if (ink - print > kLighter * (paper - print)) {
      lift(seal, print, ink, bare);
    } else if (!pale) {
      take_out_frame(seal, trace, ink_below, paper, bare);
      if (!seal.is_rectangle()) take_out_ring_text(seal, ink_below, paper, bare);
    }
  }
  return bare;
}

bool is_on_inscription(const SealOutline& seal, Point place) {
  const double out = way_out(quad_of(seal), seal.shape, place);
  return out < 1 + kFrameReach && (out > kRingInner || seal.shape == "square");
}

}  // namespace archive
