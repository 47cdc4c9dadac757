#pragma once

#include <string>

#include "core/layout.h"

namespace archive {

/// A page as hOCR names it.
struct HocrPage {
  std::string image;  ///< name of the delivered file
  int number = 0;     ///< of the page in the document, from 0
  double dpi_x = 0;   ///< 0: not known
  double dpi_y = 0;
};

// hOCR 1.2 as well-formed XHTML: ocr_page, ocr_carea, ocr_line, ocrx_word. Boxes are in pixels
// of the delivered image, upright there or not; lines of a page that lies turned say so by
// textangle, the others by their baseline. A document is head, pages and tail in a row.

std::string hocr_head(const std::string& title, const std::string& system, int pages);
std::string hocr_of(const PageLayout& layout, const HocrPage& page);
std::string hocr_tail();

}  // namespace archive
