#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/page/quality_parts.h"

// What lies in straight lines: text and rules, which tell how the page lies, and the traces
// of dirt on a scanner's glass.

namespace archive {
namespace {

constexpr double kDegree = 3.14159265358979323846 / 180;

/// Lower ends of ink, thinned out to a number that does not grow with the page.
std::vector<cv::Point2f> lower_ends(const cv::Mat& ink) {
  constexpr std::size_t kMost = 12'000;
  std::vector<cv::Point2f> ends;
  for (int y = 0; y + 1 < ink.rows; ++y) {
    const std::uint8_t* row = ink.ptr(y);
    const std::uint8_t* below = ink.ptr(y + 1);
    for (int x = 0; x < ink.cols; ++x) {
      if (row[x] != 0 && below[x] == 0) {
        ends.emplace_back(static_cast<float>(x), static_cast<float>(y));
      }
    }
  }
  if (ends.size() <= kMost) return ends;
  std::vector<cv::Point2f> fewer;
  const double step = static_cast<double>(ends.size()) / kMost;
  for (std::size_t i = 0; i < kMost; ++i) {
    fewer.push_back(ends[static_cast<std::size_t>(static_cast<double>(i) * step)]);
  }
  return fewer;
}

/// How unevenly ends fall into rows that are turned by an angle: most unevenly under the
/// angle of the lines.
class Profile {
 public:
  Profile(std::vector<cv::Point2f> ends, cv::Size size)
      : ends_(std::move(ends)), rows_(static_cast<std::size_t>(size.width + size.height) * 2 + 4) {}

  double operator()(double degrees) {
    std::ranges::fill(rows_, 0);
    const auto slope = static_cast<float>(std::tan(degrees * kDegree));
    const auto middle = static_cast<float>(rows_.size() / 2);
    for (const cv::Point2f& end : ends_) {
      ++rows_[static_cast<std::size_t>(end.y - slope * end.x + middle)];
    }
    double sum = 0;
    for (const int count : rows_) sum += static_cast<double>(count) * count;
    return sum;
  }

 private:
  std::vector<cv::Point2f> ends_;
  std::vector<int> rows_;
};

struct Peak {
  double degrees = 0;
  double prominence = 0;  // over the angle in the middle of all by unevenness
};

constexpr double kMost = 15;

Peak peak_of(const cv::Mat& ink) {
  constexpr double kStep = 0.5;
  constexpr double kFine = 0.05;
  constexpr std::size_t kFewest = 150;
  std::vector<cv::Point2f> ends = lower_ends(ink);
  if (ends.size() < kFewest) return {};
  Profile profile(std::move(ends), ink.size());
  std::vector<float> scores;
  Peak peak;
  double best = 0;
  const auto look = [&](double degrees) {
    const double score = profile(degrees);
    if (score > best) {
      best = score;
      peak.degrees = degrees;
    }
    return score;
  };
  for (double degrees = -kMost; degrees <= kMost; degrees += kStep) {
    scores.push_back(static_cast<float>(look(degrees)));
  }
  const double around = peak.degrees;
  for (double d = -kStep; d <= kStep; d += kFine) look(around + d);
  peak.prominence = best / quantile(scores, 0.5);
  return peak;
}

constexpr int kBands = 12;
constexpr int kStreakLevels = 6;

/// Whether a line is darker than lines beside it, in the middle of a band.
bool is_darker(const std::uint8_t* line, const std::uint8_t* before, const std::uint8_t* after,
               cv::Range band) {
  int hardly = 0;
  for (int x = band.start; x < band.end; ++x) {
    hardly += std::min(before[x], after[x]) - line[x] < kStreakLevels ? 1 : 0;
  }
  return hardly <= (band.size() - 1) / 2;
}

/// A row that is darker than its neighbours all along the sheet.
bool is_trace(const cv::Mat& light, const cv::Mat& surroundings, int row, int reach) {
  int judged = 0;
  for (int i = 0; i < kBands; ++i) {
    const cv::Range band(light.cols * i / kBands, light.cols * (i + 1) / kBands);
    if (band.size() < 4) return false;
    if (2 * cv::countNonZero(surroundings.row(row).colRange(band)) > band.size()) continue;
    ++judged;
    if (!is_darker(light.ptr(row), light.ptr(std::max(0, row - reach)),
                   light.ptr(std::min(light.rows - 1, row + reach)), band)) {
      return false;
    }
  }
  return judged >= kBands * 2 / 3;
}

/// A bright level of each row: text darkens a row here and there, a streak all along.
std::vector<float> levels_of_rows(const cv::Mat& strip) {
  constexpr int kStep = 8;
  constexpr double kBright = 0.8;
  std::vector<float> rows;
  for (int y = 0; y < strip.rows; ++y) {
    std::vector<float> levels;
    for (int x = 0; x < strip.cols; x += kStep) levels.push_back(strip.at<std::uint8_t>(y, x));
    rows.push_back(static_cast<float>(quantile(std::move(levels), kBright)));
  }
  return rows;
}

/// A hairline in the page itself, down its whole height: a fold is broad and soft.
bool is_hairline(const cv::Mat& full, bool down, double place, double dots_per_mm) {
  const int length = down ? full.cols : full.rows;
  const int reach = std::max(4, static_cast<int>(std::lround(1.5 * dots_per_mm)));
  const int middle = static_cast<int>(std::lround(place));
  const cv::Range part(std::max(0, middle - reach), std::min(length, middle + reach + 1));
  if (part.size() < 5) return false;
  cv::Mat strip = brightness_of(down ? full.colRange(part) : full.rowRange(part));
  if (down) cv::transpose(strip, strip);
  const std::vector<float> levels = levels_of_rows(strip);
  const double darkest = *std::ranges::min_element(levels);
  const double paper = quantile(levels, 0.6);
  const auto dark =
      std::ranges::count_if(levels, [&](float level) { return level < 0.5 * (darkest + paper); });
  return static_cast<double>(dark) <= std::max(3.0, 0.4 * dots_per_mm);
}

/// Streaks along the rows of the reduced page, which has been turned when they run `down`.
int streaks_along(const ReducedPage& page, const cv::Mat& light, const cv::Mat& surroundings,
                  const cv::Mat& full, bool down) {
  // The rims of a sheet on a white lid are lines from end to end as well.
  constexpr double kMarginMm = 12;
  constexpr double kReachMm = 1.2;
  const double dots_per_mm = page.millimetre / page.scale;
  const int margin = std::max(2, static_cast<int>(std::lround(kMarginMm * page.millimetre)));
  const int reach = std::max(2, static_cast<int>(std::lround(kReachMm * page.millimetre)));
  int count = 0;
  for (int y = margin; y < light.rows - margin; ++y) {
    if (!is_trace(light, surroundings, y, reach)) continue;
    count += is_hairline(full, down, (y + 0.5) / page.scale, dots_per_mm);
    y += static_cast<int>(std::ceil(page.millimetre));
  }
  return count;
}

}  // namespace

int streaks(const ReducedPage& page, const cv::Mat& surroundings, const cv::Mat& full) {
  cv::Mat light, around;
  cv::transpose(page.light, light);
  cv::transpose(surroundings, around);
  return streaks_along(page, light, around, full, true) +
         streaks_along(page, page.light, surroundings, full, false);
}

std::optional<double> slant_of(const cv::Mat& ink) {
  // Below these nothing stands out: a photograph, a seal, specks. Far angles are rare, and a
  // page with little on it shows one by chance.
  constexpr double kStandsOut = 1.15;
  constexpr double kFarDegrees = 3;
  constexpr double kFarStandsOut = 1.5;
  cv::Mat turned;
  cv::transpose(ink, turned);
  const Peak level = peak_of(ink);
  const Peak plumb = peak_of(turned);
  const bool upright = level.prominence >= plumb.prominence;
  const Peak& peak = upright ? level : plumb;
  const bool far = std::abs(peak.degrees) > kFarDegrees;
  if (peak.prominence < (far ? kFarStandsOut : kStandsOut)) return std::nullopt;
  return upright ? peak.degrees : -peak.degrees;
}

}  // namespace archive
