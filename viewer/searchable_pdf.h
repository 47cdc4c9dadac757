#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/layout.h"
#include "viewer/glyphless_font.h"
#include "viewer/pdf_file.h"
#include "viewer/pdf_picture.h"

namespace archive {

/// What a document says of itself. Nothing personal comes into it unless it is in the title.
struct PdfDescription {
  std::string title;
  std::string producer;  ///< program and version
};

/// A page for a PDF: the scan, and what was read on it.
struct PdfPage {
  PdfPicture picture;
  PageLayout layout;  ///< without lines: a page that nobody read
  double dpi_x = 0;   ///< of the delivered image; 0: not known, the page is made as high as A4
  double dpi_y = 0;
};

/// A PDF of two layers, written page by page: the scan as it was delivered, shown upright and
/// level, and over it the text in reading order, not drawn (render mode 3) but there to be
/// selected and searched. Turning is done by a matrix, the picture's bytes stay as they are.
/// Lines that are steep on a level page, such as a stamp's, lie along their quads; vertical
/// lines run downwards, with their letters turned as if the page lay on its side. Letters fill
/// their line without a gap, so that no reader of the file sees a blank where there is none.
///
/// The file says that it is PDF/A-2b (ISO 19005-2), and has what that asks of such a file: profile
/// of colours, XMP, identifier, no font that is not in it. No validator has looked at it. A file
/// with a sheet for a missing page, or with a picture in CMYK, says nothing of the kind.
///
/// The same pages give the same bytes. Memory: one page, and a few bytes for each before it.
class SearchablePdf {
 public:
  SearchablePdf(ByteSink sink, PdfDescription description);

  /// The next page begins a part of the document; readers show its name in the margin.
  void begin_part(std::string name);
  void add_page(const PdfPage& page);
  /// A sheet in the place of a page that cannot be shown. `words` in ASCII, one a line.
  void add_sheet_for_missing_page(const std::vector<std::string>& words);
  /// Nothing may follow. REQUIRES: there is a page.
  void finish();

 private:
  struct Part {
    std::string name;
    int page = 0;  // object number
  };

  void add(double width, double height, const std::string& resources, const std::string& content);
  int write_outline();
  std::string archival_entries();

  PdfFile file_;
  PdfDescription description_;
  GlyphlessFont font_;
  int font_number_;
  int pages_number_;
  std::vector<int> pages_;
  std::vector<Part> parts_;
  std::string next_part_;
  bool archival_ = true;
};

}  // namespace archive
