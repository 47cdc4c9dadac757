#include "ocr/page/survey.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/histogram.h"
#include "ocr/page/labelled.h"
#include "ocr/page/paper.h"
#include "ocr/raster.h"

namespace archive {
namespace {

// About 100 pixels an inch on A4: single specks of a scan average out, strokes stay.
// Lengths below are shares of the longer side; a millimetre of A4 is 1/297 of it.
constexpr double kSidePx = 1200;
constexpr double kMillimetre = 1.0 / 297;
constexpr double kInkDepth = 40;  // grey levels; paper grain and shading stay below
constexpr double kDeepInk = 80;   // print of the back that shines through stays below
constexpr double kStapleSlender = 0.3;

double millimetre_of(cv::Size page) { return std::max(page.width, page.height) * kMillimetre; }

struct Blob {
  cv::Rect box;
  double area = 0;

  int longer() const { return std::max(box.width, box.height); }
  int shorter() const { return std::min(box.width, box.height); }
};

double median_of(const cv::Mat& picture) {
  return level_after(histogram_of(picture), picture.total() / 2);
}

// The paper without what is written on it: light wins over strokes, then slow shading is kept.
cv::Mat paper_under(const cv::Mat& page) {
  cv::Mat small;
  cv::resize(page, small, {}, 0.25, 0.25, cv::INTER_AREA);
  cv::dilate(small, small, cv::getStructuringElement(cv::MORPH_RECT, {7, 7}));
  cv::medianBlur(small, small, 15);
  cv::Mat paper;
  cv::resize(small, paper, page.size(), 0, 0, cv::INTER_LINEAR);
  return paper;
}

// Scanner lids and copier edges: dark, and part of the picture's rim.
cv::Mat surroundings_of(const cv::Mat& page, double paper_level) {
  return joined_to_rim(page < 0.6 * paper_level);
}

bool is_dark_side(const cv::Mat& band) {
  constexpr double kShare = 0.4;
  return cv::countNonZero(band) > kShare * static_cast<double>(band.total());
}

bool is_hole(const Blob& blob, cv::Size page, double millimetre) {
  const bool round = blob.shorter() > 0.75 * blob.longer() && blob.area > 0.65 * blob.box.area();
  const bool size = blob.longer() > 3.5 * millimetre && blob.longer() < 10 * millimetre;
  const int rim = std::min(
      {blob.box.x, blob.box.y, page.width - blob.box.br().x, page.height - blob.box.br().y});
  return round && size && rim < 20 * millimetre;
}

/// How wide the ink in a box is across to how long it is along: the root of the ratio of its
/// principal moments. A stroke has its width to its length, a disc 1.
double slenderness(const cv::Mat& ink) {
  const cv::Moments m = cv::moments(ink, true);
  const double middle = (m.mu20 + m.mu02) / 2;
  const double spread = std::hypot((m.mu20 - m.mu02) / 2, m.mu11);
  return std::sqrt(std::max(0.0, middle - spread) / std::max(1.0, middle + spread));
}

// A staple is a stroke, or the shadow of one; the number stamped into a corner is not.
bool is_staple(const Blob& blob, const cv::Mat& ink, double millimetre) {
  const cv::Size page = ink.size();
  const int across = std::min(blob.box.x, page.width - blob.box.br().x);
  const int down = std::min(blob.box.y, page.height - blob.box.br().y);
  const double diagonal = std::hypot(blob.longer(), blob.shorter());
  return std::max(across, down) < 25 * millimetre && diagonal > 7 * millimetre &&
         diagonal < 20 * millimetre && blob.area < 0.28 * diagonal * diagonal &&
         blob.area < 3 * millimetre * diagonal && slenderness(ink(blob.box)) < kStapleSlender;
}

std::vector<Blob> blobs_of(const cv::Mat& mask) {
  const Labelled pieces(mask);
  std::vector<Blob> blobs;
  for (int i = 0; i < pieces.count(); ++i) {
    blobs.push_back({pieces[i].box, static_cast<double>(pieces[i].area)});
  }
  return blobs;
}

std::vector<Blob> ink_blobs(const cv::Mat& depth, double levels) {
  const double millimetre = millimetre_of(depth.size());
  const cv::Mat mask = depth > levels;
  std::vector<Blob> blobs = blobs_of(mask);
  std::erase_if(blobs, [&](const Blob& blob) {
    return blob.longer() < 0.75 * millimetre || is_hole(blob, depth.size(), millimetre) ||
           is_staple(blob, mask, millimetre);
  });
  return blobs;
}

double share_of(const std::vector<Blob>& blobs, const cv::Mat& page) {
  double area = 0;
  for (const Blob& blob : blobs) area += blob.area;
  return area / static_cast<double>(page.total());
}

// A stroke of a rule or a frame is longer than a character, and thinner; a bar of a bar
// code is full.
bool is_mark(const Blob& blob, double millimetre) {
  const bool bar = blob.area > 0.8 * blob.box.area() && blob.shorter() < 0.45 * blob.longer();
  return !bar && blob.longer() > 1.5 * millimetre && blob.longer() < 10 * millimetre &&
         blob.shorter() > 0.15 * blob.longer();
}

std::vector<Box> marks_of(const std::vector<Blob>& ink, cv::Size page, double scale) {
  const double millimetre = millimetre_of(page);
  std::vector<Box> marks;
  for (const Blob& blob : ink) {
    if (!is_mark(blob, millimetre)) continue;
    marks.push_back(
        {blob.box.x * scale, blob.box.y * scale, blob.box.br().x * scale, blob.box.br().y * scale});
  }
  return marks;
}

}  // namespace

PageSurvey survey_page(const Pixels& page) {
  PageSurvey survey;
  const cv::Mat page_small = shrink(view(page), kSidePx);
  page_small.copyTo(
      make_pixels(survey.small, page_small.cols, page_small.rows, page_small.channels()));
  const cv::Mat small = darkest_channel(page_small);
  const cv::Mat rim = surroundings_of(small, median_of(small));
  const int band = std::max(1, small.cols / 100);
  survey.dark_left = is_dark_side(rim.colRange(0, band));
  survey.dark_right = is_dark_side(rim.colRange(small.cols - band, small.cols));
  survey.dark_top = is_dark_side(rim.rowRange(0, band));
  survey.dark_bottom = is_dark_side(rim.rowRange(small.rows - band, small.rows));

  cv::Mat wide_rim;
  cv::dilate(rim, wide_rim, cv::getStructuringElement(cv::MORPH_RECT, {9, 9}));
  cv::Mat depth = make_pixels(survey.depth, small.cols, small.rows, 1);
  cv::subtract(paper_under(small), small, depth);
  depth.setTo(0, wide_rim);
  const std::vector<Blob> ink = ink_blobs(depth, kInkDepth);
  survey.ink_share = share_of(ink, depth);
  survey.marks = marks_of(ink, small.size(), static_cast<double>(page.width) / small.cols);
  return survey;
}

double deep_ink_share(const PageSurvey& survey) {
  const cv::Mat depth = view(survey.depth);
  return share_of(ink_blobs(depth, kDeepInk), depth);
}

}  // namespace archive
