#include "ocr/text/column.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "ocr/text/strip.h"

namespace archive {
namespace {

constexpr int kWidth = 48;
constexpr int kLongest = 40;       // characters; bounds the picture
constexpr int kInkDepth = 64;      // grey levels below the paper
constexpr double kTallest = 1.15;  // of a character, in widths of its ink
constexpr double kMargin = 0.12;   // paper around a character, in widths

struct Cell {
  int top = 0;
  int bottom = 0;  // past the last row

  int height() const { return bottom - top; }
};

int paper_level(const Pixels& picture) { return *std::ranges::max_element(picture.bytes); }

bool has_ink(const Pixels& picture, int y, int paper) {
  const std::uint8_t* row = picture.row(y);
  return std::any_of(row, row + picture.width,
                     [&](std::uint8_t level) { return paper - level > kInkDepth; });
}

int ink_width(const Pixels& picture, int paper) {
  int left = picture.width;
  int right = 0;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (paper - picture.row(y)[x] <= kInkDepth) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
    }
  }
  return std::max(0, right - left);
}

std::vector<Cell> inked_runs(const Pixels& picture, int paper) {
  std::vector<Cell> runs;
  for (int y = 0; y < picture.height; ++y) {
    if (!has_ink(picture, y, paper)) continue;
    if (runs.empty() || runs.back().bottom != y) runs.push_back({y, y});
    runs.back().bottom = y + 1;
  }
  return runs;
}

// A character may fall into several runs of ink, such as the strokes of 三; together they
// are about as tall as wide.
std::vector<Cell> characters_in(const Pixels& picture) {
  const int paper = paper_level(picture);
  const double tallest = kTallest * ink_width(picture, paper);
  std::vector<Cell> cells;
  for (const Cell& run : inked_runs(picture, paper)) {
    if (!cells.empty() && run.bottom - cells.back().top <= tallest) {
      cells.back().bottom = run.bottom;
    } else {
      cells.push_back(run);
    }
  }
  return cells;
}

Pixels side_by_side(const Pixels& picture, const std::vector<Cell>& cells) {
  const int side = kWidth + static_cast<int>(2 * kMargin * kWidth);
  const auto paper = static_cast<std::uint8_t>(paper_level(picture));
  Pixels row{side * static_cast<int>(cells.size()), side, 1, {}};
  row.bytes.assign(row.stride() * static_cast<std::size_t>(side), paper);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int height = std::min(cells[i].height(), side);
    const int left = static_cast<int>(i) * side + (side - picture.width) / 2;
    const int top = (side - height) / 2;
    for (int y = 0; y < height; ++y) {
      const std::uint8_t* from = picture.row(cells[i].top + y);
      std::copy(from, from + picture.width, row.row(top + y) + left);
    }
  }
  return row;
}

}  // namespace

LineReading read_column(ReadingEngine& engine, const Pixels& grey, const Quad& quad) {
  const double aspect = quad.height() / std::max(1.0, quad.width());
  const int height = static_cast<int>(std::lround(kWidth * std::min<double>(aspect, kLongest)));
  if (height < kWidth) return {};
  const Pixels picture = cut_picture(grey, quad, kWidth, height);
  const std::vector<Cell> cells = characters_in(picture);
  if (cells.size() < 2) return {};

  const Pixels row = side_by_side(picture, cells);
  const Box all{0, 0, static_cast<double>(row.width), static_cast<double>(row.height)};
  LineReading reading = engine.read(row, Quad::of(all));
  for (TextChar& c : reading.chars) {
    const double place = c.position * static_cast<double>(cells.size());
    const auto i = std::min(static_cast<std::size_t>(place), cells.size() - 1);
    const double within = std::clamp(place - static_cast<double>(i), 0.0, 1.0);
    c.position = (cells[i].top + within * cells[i].height()) / picture.height;
  }
  return reading;
}

}  // namespace archive
