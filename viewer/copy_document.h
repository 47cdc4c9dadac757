#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/copy_sheet.h"
#include "core/pixels.h"

namespace archive {

/// A page of a copy, as it may be shown, with its watermark.
struct CopyPage {
  Pixels pixels;
  int rotation = 0;  ///< degrees that the paper lies turned clockwise in them
  double dpi_x = 0, dpi_y = 0;
};

/// A PDF of a sheet that says what it is, and pages behind it. `page` makes one after another, so
/// that memory holds one of them; what it throws ends the work. No text lies over the pages: a copy
/// shows what its paper shows, and no more.
std::string copy_document(const std::vector<CopySheet::Line>& sheet, std::size_t pages,
                          const std::function<CopyPage(std::size_t)>& page,
                          const std::string& producer);

/// The sheet alone, A4 at 200 dpi, and where its text stands.
struct DrawnSheet {
  Pixels pixels;
  struct Text {
    std::string text;
    double left = 0, top = 0, width = 0, height = 0;
  };
  std::vector<Text> texts;
};
DrawnSheet drawn_sheet(const std::vector<CopySheet::Line>& sheet);

}  // namespace archive
