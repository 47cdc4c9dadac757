#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/page.h"

// Image files made by the libraries themselves, of a picture whose every pixel is known.

namespace archive {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

constexpr int kWidth = 40;
constexpr int kHeight = 24;

/// Smooth, so that lossy compression changes it little.
inline Colour colour_at(int x, int y) {
  return {static_cast<std::uint8_t>(x * 6), static_cast<std::uint8_t>(y * 10),
          static_cast<std::uint8_t>(255 - x * 3 - y * 4)};
}
inline std::uint8_t grey_at(int x, int y) { return static_cast<std::uint8_t>(x * 5 + y * 2); }
inline std::uint8_t black_white_at(int x, int y) { return (x / 3 + y / 2) % 2 == 0 ? 255 : 0; }

struct TiffForm {
  const char* name = "";
  std::uint16_t bits = 8;
  std::uint16_t samples = 1;
  std::uint16_t photometric = 1;  ///< PHOTOMETRIC_MINISBLACK
  std::uint16_t compression = 1;  ///< COMPRESSION_NONE
  bool planes_apart = false;
  bool tiled = false;
  bool real = false;        ///< floating point from 0 to 1
  const char* mode = "wl";  ///< of TIFFOpen(): 8 BigTIFF, l and b the byte order
  std::uint16_t orientation = 1;
  int tolerance = 0;  ///< what a lossy compression may change
};

using FileBytes = std::vector<std::uint8_t>;

/// `pages` times the picture. 2 and 4 + 1 samples: the last is alpha, everywhere `alpha`.
FileBytes tiff_file(const TiffForm& form, int pages = 1, std::uint8_t alpha = 255);

enum class JpegColours { grey, rgb, cmyk, ycck };
/// `orientation` other than 0 adds an EXIF block that says so; `dpi` goes into JFIF.
FileBytes jpeg_file(JpegColours colours, int orientation = 0, int dpi = 0);

struct PngForm {
  const char* name = "";
  int bits = 8;
  int colour_type = 0;  ///< PNG_COLOR_TYPE_GRAY
  bool interlaced = false;
  std::uint8_t alpha = 255;  ///< everywhere, when the type has one
  int orientation = 0;       ///< other than 0: an eXIf chunk says so
};
FileBytes png_file(const PngForm& form);

/// `header` of 40 bytes; bits 1, 4, 8 (grey palette), 24 or 32.
FileBytes bmp_file(int bits, bool top_down);

/// Lossless; `codestream` without the boxes of a .jp2.
FileBytes jp2_file(int bits, int components, bool codestream = false);

/// A PDF of the given objects, in order from 1; the first is the catalogue.
FileBytes pdf_file(const std::vector<std::string>& objects, const std::string& trailer = {});
std::string pdf_stream(const std::string& dictionary, const std::string& bytes);

inline std::string text_of(const FileBytes& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace archive
