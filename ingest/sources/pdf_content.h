#pragma once

#include <optional>

#include "ingest/sources/source_reader.h"

class PDFDoc;  // Poppler's

namespace archive {

/// What a PDF page is made of, found by running through its content without drawing.
struct PdfContent {
  bool only_image = false;   ///< one image, upright or turned by quarters, and nothing else
  bool only_images = false;  ///< several images (strips of a scan, say) and nothing else
  bool visible_text = false;
  bool coloured = false;     ///< something on it may be other than black, grey or white
  double image_dpi = 0;  ///< the finest of the images that matter; 0 without any
};

/// `page` counts from 1. Marks nobody sees do not count: invisible text (the words of an
/// earlier recognition) and white rectangles under the first image.
PdfContent look_at_page(PDFDoc& document, int page);

/// The image of a page that is `only_image`, in its own pixels, turned as the page shows
/// it. A fault `unsupported` asks for the page to be drawn instead.
DecodedPage take_only_image(PDFDoc& document, int page, const DecodeLimits& limits);

}  // namespace archive
