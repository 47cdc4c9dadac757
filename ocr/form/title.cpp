#include "ocr/form/title.h"

#include <algorithm>
#include <cmath>

#include "ocr/form/fit.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr double kTopShare = 0.45;  // of the page's height
constexpr std::size_t kTitlesMax = 8;
constexpr std::size_t kTitleLengthMin = 3, kTitleLengthMax = 40;

double median_em(const Sheet& sheet) {
  std::vector<double> ems;
  for (const Piece& piece : sheet.pieces) ems.push_back(piece.box.height());
  if (ems.empty()) return 1;
  const auto middle = ems.begin() + static_cast<std::ptrdiff_t>(ems.size() / 2);
  std::nth_element(ems.begin(), middle, ems.end());
  return std::max(1.0, *middle);
}

/// Neighbours of one height and near each other form one line, however it was cut.
std::vector<std::vector<int>> lines_of(const Sheet& sheet, const std::vector<int>& row) {
  std::vector<std::vector<int>> lines;
  for (int i : row) {
    const Piece& piece = sheet.pieces[static_cast<std::size_t>(i)];
    if (!lines.empty()) {
      const Piece& before = sheet.pieces[static_cast<std::size_t>(lines.back().back())];
      const double height = std::max(piece.box.height(), before.box.height());
      const bool alike = std::min(piece.box.height(), before.box.height()) > 0.7 * height;
      const bool near = piece.box.left - before.box.right < 2.5 * height;
      if (alike && near) {
        lines.back().push_back(i);
        continue;
      }
    }
    lines.push_back({i});
  }
  return lines;
}

TitleLine title_of(const Sheet& sheet, const std::vector<int>& line, double usual) {
  TitleLine title;
  Box box = sheet.pieces[static_cast<std::size_t>(line.front())].box;
  std::vector<Sign> signs;
  double height = 0;
  for (int i : line) {
    const Piece& piece = sheet.pieces[static_cast<std::size_t>(i)];
    box = joined(box, piece.box);
    signs.insert(signs.end(), piece.signs.begin(), piece.signs.end());
    height = std::max(height, piece.box.height());
  }
  for (const Sign& sign : signs) title.text += sign.c;
  title.printed = printed_text(signs);
  const double y = (box.top + box.bottom) / 2 / sheet.height;
  const double off_centre = std::abs((box.left + box.right) / 2 / sheet.width - 0.5);
  const double larger = std::clamp((height / usual - 1.0) / 0.6, 0.0, 1.0);
  const double top = y < 0.22 ? 1 : y < 0.35 ? 0.8 : y < kTopShare ? 0.55 : 0.2;
  const double centred = off_centre < 0.12 ? 1 : off_centre < 0.25 ? 0.6 : 0.25;
  title.prominence = 0.5 * larger + 0.25 * top + 0.25 * centred;
  return title;
}

}  // namespace

std::vector<TitleLine> title_lines(const Sheet& sheet) {
  const double usual = median_em(sheet);
  std::vector<int> which;
  for (int i = 0; i < static_cast<int>(sheet.pieces.size()); ++i) {
    const Piece& piece = sheet.pieces[static_cast<std::size_t>(i)];
    const bool high = piece.centre_y() < kTopShare * sheet.height;
    const bool large = piece.box.height() > 1.35 * usual;
    if (high || large) which.push_back(i);
  }
  std::vector<TitleLine> titles;
  for (const std::vector<int>& row : rows_of(sheet.pieces, which)) {
    for (const std::vector<int>& line : lines_of(sheet, row)) {
      TitleLine title = title_of(sheet, line, usual);
      if (title.text.size() < kTitleLengthMin || title.text.size() > kTitleLengthMax) continue;
      titles.push_back(std::move(title));
    }
  }
  std::ranges::stable_sort(titles, std::greater{}, &TitleLine::prominence);
  if (titles.size() > kTitlesMax) titles.resize(kTitlesMax);
  return titles;
}

}  // namespace archive::form
