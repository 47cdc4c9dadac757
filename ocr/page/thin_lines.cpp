#include "ocr/page/thin_lines.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <optional>

namespace archive {
namespace {

constexpr int kInkOfLine = 128;
constexpr double kOffLine = 1.3;    // pixels from where a line is expected
constexpr int kFewColumns = 8;      // columns from which no slope can be told
constexpr double kCoveredLine = 8;  // of the widest gaps: so long may something else lie on a line
constexpr double kLeastInkOfLine = 0.6;    // share of a line's columns
constexpr std::size_t kTrailsMost = 2000;  // at one time; dense print has some hundred

// Ink of one column.
struct Run {
  int top = 0;
  int bottom = 0;  // past it
  bool taken = false;

  double middle() const { return (top + bottom - 1) / 2.0; }
  int length() const { return bottom - top; }
};

std::vector<Run> runs_of(const std::uint8_t* column, int height) {
  std::vector<Run> runs;
  for (int y = 0; y < height;) {
    while (y < height && column[y] < kInkOfLine) ++y;
    const int top = y;
    while (y < height && column[y] >= kInkOfLine) ++y;
    if (y > top) runs.push_back({top, y});
  }
  return runs;
}

// A line as far as it has been followed: least squares through the middles of its own columns.
class Trail {
 public:
  Trail(int x, double y) : first_(x) { add(x, y); }

  double expected(int x) const {
    if (own_ < kFewColumns) return last_y_;
    return mean_y() + slope() * (x - sum_x_ / own_);
  }

  void add(int x, double y) {
    ++own_;
    sum_x_ += x, sum_y_ += y;
    sum_xx_ += static_cast<double>(x) * x, sum_xy_ += x * y;
    last_ = x, last_y_ = y;
    blank_ = covered_ = 0;
  }
  void go_blank() { ++blank_; }
  void go_covered() { ++covered_, ++covered_in_all_; }

  bool is_over(const ThinLineSearch& search) const {
    return blank_ > search.widest_gap || covered_ > kCoveredLine * search.widest_gap ||
           (own_ >= 2 * kFewColumns && std::abs(slope()) > search.steepest);
  }

  std::optional<ThinLine> line(const ThinLineSearch& search) const {
    const int length = last_ - first_ + 1;
    if (length < search.shortest || own_ + covered_in_all_ < kLeastInkOfLine * length) return {};
    if (2 * own_ < length || std::abs(slope()) > search.steepest) return {};
    return ThinLine{{static_cast<double>(first_), expected(first_)},
                    {static_cast<double>(last_), expected(last_)}};
  }

 private:
  double mean_y() const { return sum_y_ / own_; }
  double slope() const {
    const double spread = sum_xx_ - sum_x_ * sum_x_ / own_;
    return spread > 0 ? (sum_xy_ - sum_x_ * mean_y()) / spread : 0;
  }

  int first_;
  int last_ = 0;
  double last_y_ = 0;
  int own_ = 0;  // columns where it stands by itself
  int blank_ = 0, covered_ = 0, covered_in_all_ = 0;
  double sum_x_ = 0, sum_y_ = 0, sum_xx_ = 0, sum_xy_ = 0;
};

// The run at a height, or nearest to it within reach.
Run* run_at(std::vector<Run>& runs, double y) {
  const auto next = std::ranges::partition_point(runs, [&](const Run& r) { return r.bottom <= y; });
  Run* best = nullptr;
  double nearest = kOffLine;
  const auto offer = [&](Run& run) {
    const double away = std::max({0.0, run.top - y, y - (run.bottom - 1)});
    if (away < nearest) best = &run, nearest = away;
  };
  if (next != runs.end()) offer(*next);
  if (next != runs.begin()) offer(*std::prev(next));
  return best;
}

}  // namespace

std::vector<ThinLine> thin_lines(const cv::Mat& ink, const ThinLineSearch& search) {
  cv::Mat columns;
  cv::transpose(ink, columns);
  std::vector<ThinLine> lines;
  std::vector<Trail> trails;
  const auto finish = [&](const Trail& trail) {
    if (const auto line = trail.line(search)) lines.push_back(*line);
  };
  for (int x = 0; x < columns.rows; ++x) {
    std::vector<Run> runs = runs_of(columns.ptr<std::uint8_t>(x), columns.cols);
    for (Trail& trail : trails) {
      const double y = trail.expected(x);
      Run* run = run_at(runs, y);
      if (run == nullptr) {
        trail.go_blank();
        continue;
      }
      if (run->length() <= search.thickest && std::abs(run->middle() - y) < kOffLine) {
        trail.add(x, run->middle());
        run->taken = true;
      } else {
        trail.go_covered();
      }
    }
    std::erase_if(trails, [&](const Trail& trail) {
      if (!trail.is_over(search)) return false;
      finish(trail);
      return true;
    });
    for (const Run& run : runs) {
      if (run.taken || run.length() > search.thickest || trails.size() == kTrailsMost) continue;
      trails.emplace_back(x, run.middle());
    }
  }
  for (const Trail& trail : trails) finish(trail);
  return lines;
}

}  // namespace archive
