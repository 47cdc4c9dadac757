#include "app/pdf_pages.h"

#include <string>
#include <utility>

namespace archive {
namespace {

Point size_of(const PageRecord& page) {
  return {static_cast<double>(page.width), static_cast<double>(page.height)};
}

}  // namespace

bool PdfPages::add(const PageRecord& page, SearchablePdf& pdf) {
  auto made = page_of(page);
  if (made) {
    pdf.add_page(*made);
    return true;
  }
  pdf.add_sheet_for_missing_page({"Page " + std::to_string(page.number) + " is not shown here.",
                                  "Reason: " + std::string(name_of(made.error().reason)),
                                  "Its delivered file is kept in the archive."});
  return false;
}

Result<PdfPage, PageFault> PdfPages::page_of(const PageRecord& page) {
  if (!page.source_blob) {
    return Failure{page.fault.value_or(
        PageFault{Stage::receive, FaultReason::unreadable_file, "no bytes were kept"})};
  }
  PdfPage made{{}, room_.layout(page), page.dpi_x, page.dpi_y};
  const auto source = room_.records().source(page.occurrence.source);
  if (source && source->kind == SourceKind::jpeg && page.state == PageState::filed) {
    auto picture = jpeg_picture(room_.objects().get(*page.source_blob));
    if (picture && delivered_size(*picture) == size_of(page)) {
      made.picture = std::move(*picture);
      return made;
    }
  }
  auto image = decoder_.page(room_.objects().sound_file_of(*page.source_blob).path(),
                             page.occurrence.page_in_file);
  if (!image) return Failure{image.error()};
  made.picture = packed_picture(image->pixels);
  made.dpi_x = image->dpi_x;
  made.dpi_y = image->dpi_y;
  return made;
}

}  // namespace archive
