#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/histogram.h"
#include "ocr/page/labelled.h"
#include "ocr/page/quality_parts.h"

// What strokes are like, looked at in full size on the parts of the page that hold most ink.

namespace archive {
namespace {

constexpr int kAcross = 3;
constexpr int kDown = 5;
constexpr int kPartPx = 320;

/// The part with most ink in each of the regions of a page, in full size.
std::vector<cv::Rect> parts_of(const cv::Mat& ink, cv::Size full) {
  constexpr double kLeastInk = 0.004;
  const double scale = static_cast<double>(ink.cols) / full.width;
  const int side = std::max(4, static_cast<int>(std::lround(kPartPx * scale)));
  const cv::Rect all({}, full);
  std::vector<cv::Rect> parts;
  for (int region = 0; region < kAcross * kDown; ++region) {
    const int left = ink.cols * (region % kAcross) / kAcross;
    const int right = ink.cols * (region % kAcross + 1) / kAcross;
    const int top = ink.rows * (region / kAcross) / kDown;
    const int bottom = ink.rows * (region / kAcross + 1) / kDown;
    double most = kLeastInk * side * side;
    cv::Rect best;
    for (int y = top; y < bottom; y += std::max(1, side / 2)) {
      for (int x = left; x < right; x += std::max(1, side / 2)) {
        const cv::Rect place = cv::Rect(x, y, side, side) & cv::Rect({}, ink.size());
        const double here = cv::countNonZero(ink(place));
        if (here > most) {
          most = here;
          best = place;
        }
      }
    }
    if (best.empty()) continue;
    const cv::Point corner(static_cast<int>(best.x / scale), static_cast<int>(best.y / scale));
    const cv::Rect part = cv::Rect(corner, cv::Size(kPartPx, kPartPx)) & all;
    if (part.width > 16 && part.height > 16) parts.push_back(part);
  }
  return parts;
}

/// Edges of a part: the spread of each, by how steep it is for its height.
struct Edges {
  std::vector<float> spreads;
  std::vector<float> contrasts;
};

constexpr double kStepSteepness = 2.5066;  // a Gaussian's height times its spread, sqrt(2 pi)

/// The difference between the highest and the lowest level so far around each pixel.
cv::Mat heights_along(const cv::Mat& grey, cv::Size window) {
  const cv::Mat around = cv::getStructuringElement(cv::MORPH_RECT, window);
  cv::Mat high, low, height;
  cv::dilate(grey, high, around);
  cv::erode(grey, low, around);
  cv::subtract(high, low, height);
  return height;
}

/// What counts as the height of an edge: one pixel of nine tells what is the highest.
float least_height(const cv::Mat& height) {
  constexpr float kLeastContrast = 20;
  constexpr float kOfStrongest = 0.5;
  constexpr double kStrongest = 0.97;
  Histogram counts{};
  int all = 0;
  for (int y = 0; y < height.rows; y += 3) {
    const std::uint8_t* row = height.ptr(y);
    for (int x = 0; x < height.cols; x += 3, ++all) ++counts[row[x]];
  }
  const int strongest = level_after(counts, static_cast<std::size_t>(kStrongest * (all - 1)));
  return std::max(kLeastContrast, kOfStrongest * static_cast<float>(strongest));
}

/// Edges crossed on the way across or down, along which `steep` is the slope and `other` the
/// one in the other direction.
Edges edges_of(const cv::Mat& grey, const cv::Mat& steep, const cv::Mat& other, bool across,
               int reach) {
  const cv::Mat height =
      heights_along(grey, across ? cv::Size(2 * reach + 1, 1) : cv::Size(1, 2 * reach + 1));
  const float least = least_height(height);
  Edges edges;
  for (int y = 1; y + 1 < grey.rows; ++y) {
    const float* row = steep.ptr<float>(y);
    const float* beside = other.ptr<float>(y);
    const std::uint8_t* tall = height.ptr(y);
    for (int x = 1; x + 1 < grey.cols; ++x) {
      if (static_cast<float>(tall[x]) < least) continue;
      const float here = std::abs(row[x]);
      const float before = std::abs(across ? row[x - 1] : steep.ptr<float>(y - 1)[x]);
      const float after = std::abs(across ? row[x + 1] : steep.ptr<float>(y + 1)[x]);
      // A rule that leans is crossed slowly along its length: no edge in that direction.
      if (here < 2 * std::abs(beside[x])) continue;
      if (here < before || here <= after || here < 0.04F * static_cast<float>(tall[x])) continue;
      edges.spreads.push_back(static_cast<float>(tall[x] / (here * kStepSteepness)));
      edges.contrasts.push_back(tall[x]);
    }
  }
  return edges;
}

struct PartBlur {
  float spread = 0;
  float contrast = 0;
};

// The steepest edges tell the blur: others belong to strokes that are soft themselves.
std::optional<PartBlur> blur_of(const cv::Mat& grey, int reach) {
  // Punch holes, staples and their shadows are soft, and have fewer edges than a few words.
  constexpr std::size_t kFewest = 150;
  constexpr double kSteepest = 0.2;
  cv::Mat slope_across, slope_down;
  cv::Sobel(grey, slope_across, CV_32F, 1, 0, 3, 1.0 / 8);
  cv::Sobel(grey, slope_down, CV_32F, 0, 1, 3, 1.0 / 8);
  const Edges across = edges_of(grey, slope_across, slope_down, true, reach);
  const Edges down = edges_of(grey, slope_down, slope_across, false, reach);
  PartBlur blur;
  for (const Edges* edges : {&across, &down}) {
    if (edges->spreads.size() < kFewest) continue;
    const auto spread = static_cast<float>(quantile(edges->spreads, kSteepest));
    // Worse of both directions: a page that was moved is blurred in one alone.
    blur.spread = std::max(blur.spread, spread);
    blur.contrast = std::max(blur.contrast, static_cast<float>(quantile(edges->contrasts, 0.75)));
  }
  if (blur.spread == 0) return std::nullopt;
  return blur;
}

/// Pieces of ink: the heights of those that may be characters, and how many of the groups
/// that pieces form, words as a rule, are in shreds.
struct Pieces {
  std::vector<float> heights;
  std::vector<float> group_heights;
  int groups_in_shreds = 0;
};

cv::Mat dark_of(const cv::Mat& grey) {
  cv::Mat dark;
  cv::threshold(grey, dark, 0, 255, cv::THRESH_BINARY_INV | cv::THRESH_OTSU);
  return dark;
}

void add_heights(const Labelled& ink, Pieces& pieces) {
  constexpr int kSmallest = 3;
  for (int i = 0; i < ink.count(); ++i) {
    const auto& [box, area] = ink[i];
    const bool shape =
        box.width < 3 * box.height && box.height < 3 * box.width && area < 0.9 * box.area();
    if (box.height >= kSmallest && shape && !ink.is_cut(i)) {
      pieces.heights.push_back(static_cast<float>(box.height));
    }
  }
}

// Where print is whole, most of a word's ink lies in pieces about as long as the word is high.
// A speck stands alone and forms no group of that height.
void add_groups(const Labelled& ink, double dots_per_mm, Pieces& pieces) {
  constexpr double kGapMm = 0.8;
  constexpr double kWhole = 0.3;
  const int gap = static_cast<int>(std::lround(kGapMm * dots_per_mm)) | 1;
  const Labelled groups = ink.groups(gap);
  std::vector<double> area(static_cast<std::size_t>(groups.count()));
  std::vector<double> length(area.size());
  for (int y = 0; y < ink.size().height; ++y) {
    auto around = groups.row(y).begin();
    for (const Stretch& part : ink.row(y)) {
      while (around->end < part.end) ++around;
      const auto group = static_cast<std::size_t>(around->piece);
      const cv::Rect& box = ink[part.piece].box;
      area[group] += part.length();
      length[group] += part.length() * std::max(box.width, box.height);
    }
  }
  for (int i = 0; i < groups.count(); ++i) {
    const cv::Rect& box = groups[i].box;
    const cv::Size size = box.size() - cv::Size(gap, gap);
    const bool word = size.height > 1.5 * dots_per_mm && size.height < 8 * dots_per_mm &&
                      size.width > 1.5 * dots_per_mm;
    if (!word || box.y == 0 || box.br().y == ink.size().height) continue;
    const auto at = static_cast<std::size_t>(i);
    pieces.group_heights.push_back(static_cast<float>(size.height));
    pieces.groups_in_shreds += length[at] / area[at] < kWhole * size.height;
  }
}

/// Every other band of a page, as wide as it is: half of its lines of text.
std::vector<cv::Rect> bands_of(cv::Size full, double dots_per_mm) {
  constexpr double kHeightMm = 30;
  const int height = std::max(16, static_cast<int>(std::lround(kHeightMm * dots_per_mm)));
  std::vector<cv::Rect> bands;
  for (int y = 0; y < full.height; y += 2 * height) {
    bands.push_back(cv::Rect(0, y, full.width, height) & cv::Rect({}, full));
  }
  return bands;
}

void set_heights(const Pieces& pieces, Strokes& strokes) {
  constexpr std::size_t kFewest = 25;
  if (pieces.heights.size() >= kFewest) strokes.height_px = quantile(pieces.heights, 0.75);
}

Strokes bilevel_strokes(const cv::Mat& full, double dots_per_mm) {
  constexpr std::size_t kFewestGroups = 20;
  constexpr int kMiddle = 128;
  Pieces pieces;
  for (const cv::Rect& band : bands_of(full.size(), dots_per_mm)) {
    const Labelled labelled(brightness_of(full(band)) < kMiddle);
    add_heights(labelled, pieces);
    add_groups(labelled, dots_per_mm, pieces);
  }
  Strokes strokes;
  set_heights(pieces, strokes);
  if (pieces.group_heights.size() < kFewestGroups) return strokes;
  strokes.broken_share = pieces.groups_in_shreds / static_cast<double>(pieces.group_heights.size());
  // Characters in shreds are as high as their words, not as their shreds.
  const double words = quantile(pieces.group_heights, 0.5);
  strokes.height_px = std::max(words, strokes.height_px.value_or(0));
  return strokes;
}

// What is both faint and soft is print of the back that shines through, and no writing of this
// side: a blank page with it is not blurred.
bool shines_through(const PartBlur& part, double dots_per_mm) {
  constexpr float kFaint = 80;
  constexpr double kSoftMm = 0.15;
  return part.contrast < kFaint && part.spread > kSoftMm * dots_per_mm;
}

// What is much fainter than the rest is pencil or print of the back, and soft by itself; and a
// single soft part is a seal or a shadow.
std::optional<double> blur_of_worst(const std::vector<PartBlur>& parts, double contrast) {
  constexpr double kFaint = 0.35;
  constexpr std::size_t kFewest = 6;
  constexpr double kShare = 0.2;
  std::vector<float> spreads;
  for (const PartBlur& part : parts) {
    if (part.contrast >= kFaint * contrast) spreads.push_back(part.spread);
  }
  if (spreads.size() < kFewest) return std::nullopt;
  std::ranges::sort(spreads, std::ranges::greater{});
  const auto at = static_cast<std::size_t>(kShare * static_cast<double>(spreads.size()));
  return spreads[std::max<std::size_t>(at, 2)];
}

}  // namespace

Strokes strokes_of(const cv::Mat& full, const cv::Mat& ink, double dots_per_mm, bool bilevel) {
  constexpr double kReachMm = 0.7;
  constexpr std::size_t kFewestParts = 3;
  if (bilevel) return bilevel_strokes(full, dots_per_mm);
  const int reach = std::clamp(static_cast<int>(std::lround(kReachMm * dots_per_mm)), 4, 20);
  std::vector<PartBlur> parts;
  Pieces pieces;
  for (const cv::Rect& part : parts_of(ink, full.size())) {
    const cv::Mat grey = brightness_of(full(part));
    add_heights(Labelled(dark_of(grey)), pieces);
    const auto blur = blur_of(grey, reach);
    if (blur && !shines_through(*blur, dots_per_mm)) parts.push_back(*blur);
  }
  Strokes strokes;
  set_heights(pieces, strokes);
  if (parts.size() < kFewestParts) return strokes;
  std::vector<float> spreads;
  std::vector<float> contrasts;
  for (const PartBlur& part : parts) {
    spreads.push_back(part.spread);
    contrasts.push_back(part.contrast);
  }
  strokes.blur_px = quantile(spreads, 0.5);
  strokes.contrast = quantile(contrasts, 0.5);
  strokes.blur_part_px = blur_of_worst(parts, *strokes.contrast);
  return strokes;
}

}  // namespace archive
