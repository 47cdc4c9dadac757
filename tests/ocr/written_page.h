#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "core/page.h"
#include "tests/ocr/drawing.h"

namespace archive {

/// A drawn A4 page of lines of square characters, to be spoilt in one way or another.
struct PageForm {
  double dpi = 200;
  double text_mm = 3.7;
  double margin_mm = 22;
  double skew_degrees = 0;  ///< clockwise
};

inline int px(const PageForm& form, double mm) {
  return static_cast<int>(std::lround(mm * form.dpi / 25.4));
}

/// Characters of a frame and two strokes in lines, turned about the middle of the page.
inline Pixels written_page(const PageForm& form) {
  Pixels sheet = white_sheet(px(form, 210), px(form, 297));
  const double angle = form.skew_degrees * std::numbers::pi / 180;
  const Point middle{sheet.width / 2.0, sheet.height / 2.0};
  const int thickness = std::max(1, px(form, form.text_mm * 0.1));
  const auto line = [&](double x1, double y1, double x2, double y2) {
    const auto turned = [&](double x, double y) {
      const Point from_middle{x - middle.x, y - middle.y};
      return Point{middle.x + from_middle.x * std::cos(angle) - from_middle.y * std::sin(angle),
                   middle.y + from_middle.x * std::sin(angle) + from_middle.y * std::cos(angle)};
    };
    stroke(sheet, turned(x1, y1), turned(x2, y2), thickness);
  };
  const double side = form.text_mm * form.dpi / 25.4;
  const double left = form.margin_mm * form.dpi / 25.4;
  const double top = 25 * form.dpi / 25.4;
  int drawn = 0;
  for (double y = top; y + side < sheet.height - top; y += 2 * side) {
    for (double x = left; x + side < sheet.width - std::abs(left); x += 1.2 * side) {
      // Every seventh place is empty, and no two neighbours are alike.
      if (++drawn % 7 == 0) continue;
      line(x, y, x + side, y);
      line(x + side, y, x + side, y + side);
      line(x, y + side, x + side, y + side);
      if (drawn % 3 != 0) line(x, y, x, y + side);
      if (drawn % 2 != 0) line(x, y + side / 2, x + side, y + side / 2);
      line(x + side * (0.3 + 0.1 * (drawn % 4)), y, x + side / 2, y + side);
    }
  }
  return sheet;
}

/// Levels from black to white are spread from `ink` to `paper`.
inline void tone(Pixels& picture, double ink, double paper) {
  for (std::uint8_t& byte : picture.bytes) {
    byte = static_cast<std::uint8_t>(std::clamp(ink + byte / 255.0 * (paper - ink), 0.0, 255.0));
  }
}

/// A grey picture smeared by a Gaussian of these spreads, in pixels.
inline void smear(Pixels& picture, double across, double down) {
  const auto pass = [&picture](double spread, int dx, int dy) {
    if (spread <= 0) return;
    const int reach = static_cast<int>(std::ceil(3 * spread));
    std::vector<double> weights;
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) {
      weights.push_back(std::exp(-i * i / (2 * spread * spread)));
      sum += weights.back();
    }
    const Pixels before = picture;
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width; ++x) {
        double level = 0;
        for (int i = -reach; i <= reach; ++i) {
          const int nx = std::clamp(x + i * dx, 0, picture.width - 1);
          const int ny = std::clamp(y + i * dy, 0, picture.height - 1);
          level += weights[static_cast<std::size_t>(i + reach)] * before.row(ny)[nx];
        }
        picture.row(y)[x] = static_cast<std::uint8_t>(std::lround(level / sum));
      }
    }
  };
  pass(across, 1, 0);
  pass(down, 0, 1);
}

/// As a good scanner delivers it: grey, a little soft, paper not quite white.
inline PageImage scanned(Pixels picture, double dpi) {
  smear(picture, 0.6, 0.6);
  tone(picture, 35, 245);
  PageImage page;
  page.pixels = std::move(picture);
  page.dpi_x = page.dpi_y = dpi;
  page.bits_per_pixel = 8;
  return page;
}

inline PageImage bilevel(Pixels picture, double dpi) {
  for (std::uint8_t& byte : picture.bytes) byte = byte < 128 ? 0 : 255;
  PageImage page;
  page.pixels = std::move(picture);
  page.dpi_x = page.dpi_y = dpi;
  page.bits_per_pixel = 1;
  return page;
}

/// The same levels in three channels.
inline PageImage coloured(PageImage page) {
  Pixels colour{page.pixels.width, page.pixels.height, 3, {}};
  colour.bytes.reserve(3 * page.pixels.bytes.size());
  for (const std::uint8_t byte : page.pixels.bytes) {
    colour.bytes.insert(colour.bytes.end(), 3, byte);
  }
  page.pixels = std::move(colour);
  page.bits_per_pixel = 24;
  return page;
}

/// The same bytes every time, well mixed.
class Dice {
 public:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state_ >> 33);
  }

 private:
  std::uint64_t state_ = 1;
};

/// Everything outside the sheet is the dark lid of the scanner. `inside` in pixels.
inline void lay_on_dark_lid(Pixels& picture, const Quad& sheet, std::uint8_t level = 12) {
  const auto outside = [&sheet](double x, double y) {
    for (std::size_t i = 0; i < 4; ++i) {
      const Point a = sheet.corners[i];
      const Point b = sheet.corners[(i + 1) % 4];
      if ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) < 0) return true;
    }
    return false;
  };
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (outside(x + 0.5, y + 0.5)) picture.row(y)[x] = level;
    }
  }
}

}  // namespace archive
