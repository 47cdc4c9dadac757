#pragma once

#include <optional>
#include <string>

#include "core/geometry.h"
#include "core/pixels.h"

namespace archive {

/// A picture as it lies in a PDF: the entries of its dictionary beside Type and Length
/// (ISO 32000-1, 8.9.5), and its bytes.
struct PdfPicture {
  int width = 0;  ///< as stored
  int height = 0;
  std::string entries;
  std::string bytes;
  Affine to_delivered;  ///< stored pixels -> pixels of the delivered page, which is turned by EXIF
};

/// Width and height of the delivered page, in its pixels.
Point delivered_size(const PdfPicture& picture);

/// A JPEG file as it is, not one byte changed. Nothing when readers of PDF would show it other
/// than the page was read: then packed_picture() of its pixels shows the same.
std::optional<PdfPicture> jpeg_picture(std::string jpeg);

/// Pixels without loss: bilevel ones as Group 4 fax, grey and colour by Flate.
PdfPicture packed_picture(const Pixels& pixels);

}  // namespace archive
