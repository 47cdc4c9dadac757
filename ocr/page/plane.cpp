#include "ocr/page/plane.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ocr/raster.h"

namespace archive {
namespace {

constexpr double kLongSideInches = 11.7;  // of A4, where the file does not say its resolution

double dots_per_inch(const PageImage& image) {
  if (image.dpi_x > 0) return image.dpi_x;
  return std::max(image.pixels.width, image.pixels.height) / kLongSideInches;
}

// A speck is ink with nothing around it. A full stop is as lonely but larger; the broken
// strokes of a pale photocopy are as small but have neighbours.
void remove_specks(double dpi, Pixels& plane) {
  const double unit = std::clamp(dpi / 100, 1.0, 6.0);
  const int speck_area = static_cast<int>(std::lround(2 * unit));
  const int reach = static_cast<int>(std::lround(1.5 * unit + 1));
  // How much ink each column has, `reach` rows up and down.
  std::vector<std::uint8_t> columns(static_cast<std::size_t>(plane.width));
  const auto is_ink = [](std::uint8_t level) { return level < 128; };
  const auto count_row = [&](int y, int by) {
    if (y < 0 || y >= plane.height) return;
    const std::uint8_t* row = plane.row(y);
    for (std::size_t x = 0; x < columns.size(); ++x) {
      columns[x] = static_cast<std::uint8_t>(columns[x] + (is_ink(row[x]) ? by : 0));
    }
  };
  const auto is_speck = [&](int x) {
    int ink = 0;
    const int end = std::min(plane.width, x + reach + 1);
    for (int i = std::max(0, x - reach); i < end && ink <= speck_area; ++i) {
      ink += columns[static_cast<std::size_t>(i)];
    }
    return ink <= speck_area;
  };
  std::vector<std::uint8_t*> specks;  // what was counted must stay until it is counted off
  for (int y = 0; y < reach; ++y) count_row(y, 1);
  for (int y = 0; y < plane.height; ++y) {
    count_row(y + reach, 1);
    count_row(y - reach - 1, -1);
    std::uint8_t* row = plane.row(y);
    for (int x = 0; x < plane.width; ++x) {
      if (!is_ink(row[x]) || columns[static_cast<std::size_t>(x)] > speck_area) continue;
      if (is_speck(x)) specks.push_back(row + x);
    }
  }
  for (std::uint8_t* speck : specks) *speck = 255;
}

}  // namespace

Pixels reading_plane(const Pixels& page) {
  if (page.channels == 1) return page;
  constexpr int kRed = 2;
  Pixels plane;
  cv::Mat target = make_pixels(plane, page.width, page.height, 1);
  cv::extractChannel(view(page), target, kRed);
  return plane;
}

Pixels without_specks(Pixels plane, const PageImage& page) {
  if (page.bits_per_pixel == 1) remove_specks(dots_per_inch(page), plane);
  return plane;
}

}  // namespace archive
