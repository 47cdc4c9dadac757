#include "viewer/copy_document.h"

#include "core/utf8.h"
#include "viewer/iiif/rendering.h"
#include "viewer/searchable_pdf.h"

namespace archive {
namespace {

constexpr double kSheetDpi = 200;

TextLine line_of(const DrawnSheet::Text& drawn) {
  TextLine line;
  line.text = drawn.text;
  line.quad = Quad::of(
      {drawn.left, drawn.top, drawn.left + drawn.width, drawn.top + drawn.height});
  line.confidence = 1;
  const std::vector<std::string> all = characters(drawn.text);
  double wide = 0;
  for (const std::string& c : all) wide += c.size() > 1 ? 1 : 0.5;
  double at = 0;
  for (const std::string& c : all) {
    const double width = c.size() > 1 ? 1 : 0.5;
    line.chars.push_back({c, (at + width / 2) / wide, 1});
    at += width;
  }
  return line;
}

PdfPage sheet_page(const std::vector<CopySheet::Line>& sheet) {
  DrawnSheet drawn = drawn_sheet(sheet);
  PageLayout layout{drawn.pixels.width, drawn.pixels.height, 0, 0, {}};
  for (const DrawnSheet::Text& text : drawn.texts) {
    if (!text.text.empty()) layout.lines.push_back(line_of(text));
  }
  return {packed_picture(drawn.pixels), std::move(layout), kSheetDpi, kSheetDpi};
}

PdfPage picture_page(CopyPage page) {
  const PageLayout layout{page.pixels.width, page.pixels.height, page.rotation, 0, {}};
  auto picture = jpeg_picture(encoded(page.pixels, ImageRequest::Format::jpg));
  return {picture ? *std::move(picture) : packed_picture(page.pixels), layout, page.dpi_x,
          page.dpi_y};
}

}  // namespace

std::string copy_document(const std::vector<CopySheet::Line>& sheet, std::size_t pages,
                          const std::function<CopyPage(std::size_t)>& page,
                          const std::string& producer) {
  std::string bytes;
  // Its title is no person's: a file's title is shown in lists of files.
  SearchablePdf pdf([&bytes](std::string_view piece) { bytes += piece; },
                    {sheet.empty() ? "" : sheet.front().text, producer});
  pdf.add_page(sheet_page(sheet));
  for (std::size_t i = 0; i < pages; ++i) pdf.add_page(picture_page(page(i)));
  pdf.finish();
  return bytes;
}

}  // namespace archive
