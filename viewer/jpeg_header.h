#pragma once

#include <optional>
#include <string_view>

namespace archive {

/// What a PDF must say of a JPEG that it carries as it is.
struct JpegHeader {
  int width = 0;  ///< as stored, before it is turned by `orientation`
  int height = 0;
  int components = 0;
  bool adobe = false;           ///< ink of CMYK pictures is the other way round
  bool components_rgb = false;  ///< red, green, blue without a word that says so
  int orientation = 1;          ///< EXIF: 1 upright to 8, which see ingest/sources/raster.h
};

/// Reads the markers before the picture. Nothing when these are no JPEG, or one that readers
/// of PDF do not show as others do: more than 8 bits, lossless or arithmetic coding, two
/// components, a height that comes later, or markers that contradict each other.
std::optional<JpegHeader> read_jpeg_header(std::string_view bytes);

}  // namespace archive
