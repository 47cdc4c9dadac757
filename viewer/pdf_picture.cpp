#include "viewer/pdf_picture.h"

#include <cmath>
#include <utility>
#include <vector>

#include "viewer/fax_code.h"
#include "viewer/flate.h"
#include "viewer/jpeg_header.h"

namespace archive {
namespace {

std::string size_entries(int width, int height, int bits) {
  return "/Width " + std::to_string(width) + " /Height " + std::to_string(height) +
         " /BitsPerComponent " + std::to_string(bits);
}

std::string colour_space(int components) {
  if (components == 1) return " /ColorSpace /DeviceGray";
  return components == 3 ? " /ColorSpace /DeviceRGB" : " /ColorSpace /DeviceCMYK";
}

// EXIF 2.3, 4.6.4 A: which corner of the stored picture is the upper left one to the eye.
Affine turned_by_exif(int orientation, double w, double h) {
  switch (orientation) {
    case 2:
      return {-1, 0, w, 0, 1, 0};
    case 3:
      return {-1, 0, w, 0, -1, h};
    case 4:
      return {1, 0, 0, 0, -1, h};
    case 5:
      return {0, 1, 0, 1, 0, 0};
    case 6:
      return {0, -1, h, 1, 0, 0};
    case 7:
      return {0, -1, h, -1, 0, w};
    case 8:
      return {0, 1, 0, -1, 0, w};
    default:
      return {};
  }
}

// The rows as PNG's "up" filter has them, each after its number: what changes from row to row
// is small, and small numbers pack well.
std::string packed_rows(const Pixels& pixels) {
  constexpr char kUp = 2;
  const std::size_t stride = pixels.stride();
  const std::vector<std::uint8_t> nothing(stride, 0);
  const std::uint8_t* above = nothing.data();
  std::string filtered;
  Flate packer;
  for (int y = 0; y < pixels.height; ++y) {
    const std::uint8_t* row = pixels.row(y);
    filtered.assign(1, kUp);
    if (pixels.channels == 1) {
      for (std::size_t x = 0; x < stride; ++x) filtered += static_cast<char>(row[x] - above[x]);
    } else {
      for (std::size_t x = 0; x < stride; x += 3) {
        // Blue, green, red become red, green, blue.
        for (const std::size_t c : {x + 2, x + 1, x}) {
          filtered += static_cast<char>(row[c] - above[c]);
        }
      }
    }
    packer.add(filtered);
    above = row;
  }
  return packer.take();
}

}  // namespace

Point delivered_size(const PdfPicture& picture) {
  const Affine& turn = picture.to_delivered;
  const double w = picture.width;
  const double h = picture.height;
  return {std::abs(turn.a) * w + std::abs(turn.b) * h, std::abs(turn.d) * w + std::abs(turn.e) * h};
}

std::optional<PdfPicture> jpeg_picture(std::string jpeg) {
  const auto header = read_jpeg_header(jpeg);
  if (!header) return std::nullopt;
  std::string entries = size_entries(header->width, header->height, 8) +
                        colour_space(header->components) + " /Filter /DCTDecode";
  if (header->components_rgb) entries += " /DecodeParms << /ColorTransform 0 >>";
  if (header->components == 4 && header->adobe) entries += " /Decode [1 0 1 0 1 0 1 0]";
  return PdfPicture{header->width, header->height, std::move(entries), std::move(jpeg),
                    turned_by_exif(header->orientation, header->width, header->height)};
}

PdfPicture packed_picture(const Pixels& pixels) {
  const std::string width = std::to_string(pixels.width);
  if (is_bilevel(pixels)) {
    return {pixels.width,
            pixels.height,
            size_entries(pixels.width, pixels.height, 1) + colour_space(1) +
                " /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns " + width + " /Rows " +
                std::to_string(pixels.height) + " >>",
            group4(pixels),
            {}};
  }
  return {pixels.width,
          pixels.height,
          size_entries(pixels.width, pixels.height, 8) + colour_space(pixels.channels) +
              " /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors " +
              std::to_string(pixels.channels) + " /BitsPerComponent 8 /Columns " + width + " >>",
          packed_rows(pixels),
          {}};
}

}  // namespace archive
