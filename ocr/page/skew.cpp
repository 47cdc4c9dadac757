#include "ocr/page/skew.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "ocr/raster.h"

namespace archive {
namespace {

constexpr double kSidePx = 1600;  // enough for a hundredth of a degree
constexpr int kEdgeLeast = 40;    // grey levels from one row to the next
constexpr double kReachDegrees = 2.0;
constexpr double kCoarseStep = 0.1;
constexpr double kFineStep = 0.01;

struct Edge {
  float x, y, weight;
};

cv::Mat small_upright(const Pixels& grey, int rotation) {
  const cv::Mat small = shrink(view(grey), kSidePx);
  if (rotation == 0) return small;
  cv::Mat upright;
  cv::rotate(small, upright,
             rotation == 90    ? cv::ROTATE_90_COUNTERCLOCKWISE
             : rotation == 180 ? cv::ROTATE_180
                               : cv::ROTATE_90_CLOCKWISE);
  return upright;
}

// Where dark ink ends and lighter paper begins below it: base lines and rules.
std::vector<Edge> lower_edges(const cv::Mat& page) {
  std::vector<Edge> edges;
  const float middle = static_cast<float>(page.cols) / 2;
  for (int y = 0; y + 1 < page.rows; ++y) {
    const auto* above = page.ptr<std::uint8_t>(y);
    const auto* below = page.ptr<std::uint8_t>(y + 1);
    for (int x = 0; x < page.cols; ++x) {
      const int step = below[x] - above[x];
      if (step < kEdgeLeast) continue;
      edges.push_back(
          {static_cast<float>(x) - middle, static_cast<float>(y), static_cast<float>(step) / 255});
    }
  }
  return edges;
}

// How sharply the edges fall together when seen along lines of this slope.
double sharpness(const std::vector<Edge>& edges, double degrees, std::vector<float>& bins,
                 float offset) {
  const auto slope = static_cast<float>(std::tan(degrees * std::numbers::pi / 180));
  std::ranges::fill(bins, 0.0f);
  for (const Edge& edge : edges) {
    const float at = edge.y - edge.x * slope + offset;
    const auto bin = static_cast<std::size_t>(at);
    const float share = at - static_cast<float>(bin);
    bins[bin] += edge.weight * (1 - share);
    bins[bin + 1] += edge.weight * share;
  }
  double sum = 0;
  for (float bin : bins) sum += static_cast<double>(bin) * bin;
  return sum;
}

}  // namespace

double measure_skew(const Pixels& grey, const std::vector<TextPatch>&, int rotation,
                    double slant_degrees) {
  const cv::Mat page = small_upright(grey, rotation);
  const std::vector<Edge> edges = lower_edges(page);
  if (edges.size() < 500) return slant_degrees;
  const double steepest = (std::abs(slant_degrees) + kReachDegrees) * std::numbers::pi / 180;
  const float offset = static_cast<float>(page.cols * std::tan(steepest) / 2 + 1);
  std::vector<float> bins(static_cast<std::size_t>(static_cast<float>(page.rows) + 2 * offset) + 2);

  double best = slant_degrees;
  double best_value = 0;
  const auto search = [&](double from, double to, double step) {
    for (double degrees = from; degrees <= to + step / 2; degrees += step) {
      const double value = sharpness(edges, degrees, bins, offset);
      if (value > best_value) best_value = value, best = degrees;
    }
  };
  search(slant_degrees - kReachDegrees, slant_degrees + kReachDegrees, kCoarseStep);
  const double coarse = best;
  best_value = 0;
  search(coarse - kCoarseStep, coarse + kCoarseStep, kFineStep);
  return best;
}

}  // namespace archive
