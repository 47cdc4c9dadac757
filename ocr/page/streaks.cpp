#include "ocr/page/streaks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "ocr/raster.h"

namespace archive {
namespace {

constexpr int kStreakBands = 32;      // about 9 mm of A4 each
constexpr float kBandPaper = 110;     // mean grey of a band that is paper, with text or without
constexpr float kCore = 0.96F;        // of the paper beside: a streak at its darkest is below
constexpr float kRim = 0.985F;        // what is below belongs to it
constexpr double kAllAlong = 0.85;    // of the bands: text hides it here and there
constexpr double kJudgedLeast = 0.6;  // of all bands; the others are dark
constexpr double kWidest = 0.5;       // mm
constexpr double kBesideMm = 0.45;    // from a streak to what it is compared with
constexpr double kRimsMm = 5;
constexpr std::size_t kStreaksMost = 12;
constexpr float kBlackShare = 0.35F;  // of the paper that is left: nothing shows through

int px_of_mm(const cv::Mat& picture, double mm, int least) {
  constexpr double kLonger = 297;  // mm, of A4
  const double px = mm * std::max(picture.cols, picture.rows) / kLonger;
  return std::max(least, static_cast<int>(std::lround(px)));
}

int beside_of(const cv::Mat& picture) { return px_of_mm(picture, kBesideMm, 3); }

/// The columns of a picture, or its rows.
cv::Mat line_of(const cv::Mat& picture, bool upright, int at) {
  return upright ? picture.col(at) : picture.row(at);
}

/// The mean of each line, a row for each band of the sheet that the lines cross.
cv::Mat band_means(const cv::Mat& picture, bool upright) {
  const int length = upright ? picture.rows : picture.cols;
  cv::Mat means(kStreakBands, upright ? picture.cols : picture.rows, CV_32F);
  for (int i = 0; i < kStreakBands; ++i) {
    const cv::Range band(length * i / kStreakBands, length * (i + 1) / kStreakBands);
    cv::Mat mean;
    if (upright) {
      cv::reduce(picture.rowRange(band), mean, 0, cv::REDUCE_AVG, CV_32F);
    } else {
      cv::reduce(picture.colRange(band), mean, 1, cv::REDUCE_AVG, CV_32F);
      mean = mean.t();
    }
    mean.copyTo(means.row(i));
  }
  return means;
}

/// How much of the brightness beside it a line has in a band; nothing where that is no paper.
std::optional<float> left_over_in(const cv::Mat& means, int band, int at, int beside) {
  const float* row = means.ptr<float>(band);
  const float paper = std::min(row[at - beside], row[at + beside]);
  return paper >= kBandPaper ? std::optional(row[at] / paper) : std::nullopt;
}

std::vector<float> left_over_at(const cv::Mat& means, int at, int beside) {
  std::vector<float> left_over;
  for (int band = 0; band < means.rows; ++band) {
    if (const auto own = left_over_in(means, band, at, beside)) left_over.push_back(*own);
  }
  return left_over;
}

float median_of(std::vector<float> values) {
  if (values.empty()) return 1;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// A rule of a table, or a frame, leaves the margins of the sheet.
bool runs_through(const cv::Mat& means, int at, int beside, float below) {
  int dark = 0, all = 0;
  float last = 1;
  for (int band = 0; band < means.rows; ++band) {
    const auto own = left_over_in(means, band, at, beside);
    if (!own) continue;
    if (all == 0 && *own > below) return false;
    ++all;
    dark += *own < below ? 1 : 0;
    last = *own;
  }
  return all >= kJudgedLeast * means.rows && last <= below && dark >= kAllAlong * all;
}

void find_along(const cv::Mat& picture, bool upright, std::vector<Streak>& streaks) {
  const int beside = beside_of(picture), widest = px_of_mm(picture, kWidest, 4);
  const int count = upright ? picture.cols : picture.rows;
  const int length = upright ? picture.rows : picture.cols;
  // The rims of a sheet on a white lid are lines from end to end as well.
  const int margin = px_of_mm(picture, kRimsMm, 2 * beside);
  if (length < 4 * kStreakBands || count <= 2 * margin) return;
  const cv::Mat means = band_means(picture, upright);
  for (int at = margin; at < count - margin; ++at) {
    if (!runs_through(means, at, beside, kCore)) continue;
    Streak streak{upright, at, at};
    const auto more = [&](int next) {
      return next >= margin && next < count - margin && runs_through(means, next, beside, kRim);
    };
    while (more(streak.first - 1)) --streak.first;
    while (more(streak.last + 1)) ++streak.last;
    at = streak.last + 1;
    if (streak.last - streak.first < widest) streaks.push_back(streak);
  }
}

/// From the nearest lines on both sides, the lighter of each pair.
void bridge(const cv::Mat& picture, const Streak& streak) {
  cv::Mat paper;
  cv::max(line_of(picture, streak.upright, streak.first - 1),
          line_of(picture, streak.upright, streak.last + 1), paper);
  for (int at = streak.first; at <= streak.last; ++at) {
    paper.copyTo(line_of(picture, streak.upright, at));
  }
}

void remove(const cv::Mat& picture, const cv::Mat& means, const Streak& streak) {
  std::vector<float> left_over;
  for (int at = streak.first; at <= streak.last; ++at) {
    left_over.push_back(median_of(left_over_at(means, at, beside_of(picture))));
  }
  if (std::ranges::min(left_over) < kBlackShare) {
    bridge(picture, streak);
    return;
  }
  for (int at = streak.first; at <= streak.last; ++at) {
    const float own = left_over[static_cast<std::size_t>(at - streak.first)];
    cv::Mat line = line_of(picture, streak.upright, at);
    if (own < 1) line.convertTo(line, CV_8U, 1 / own);
  }
}

}  // namespace

std::vector<Streak> find_streaks(const Pixels& grey) {
  std::vector<Streak> streaks;
  find_along(view(grey), true, streaks);
  find_along(view(grey), false, streaks);
  if (streaks.size() > kStreaksMost) streaks.clear();
  return streaks;
}

void remove_streaks(Pixels& grey, const std::vector<Streak>& streaks) {
  const cv::Mat picture = make_pixels(grey, grey.width, grey.height, 1);
  for (const bool upright : {true, false}) {
    cv::Mat means;
    for (const Streak& streak : streaks) {
      if (streak.upright != upright) continue;
      if (means.empty()) means = band_means(picture, upright);
      remove(picture, means, streak);
    }
  }
}

}  // namespace archive
