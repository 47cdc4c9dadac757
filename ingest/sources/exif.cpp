#include "ingest/sources/exif.h"

#include <cmath>

#include "ingest/sources/byte_view.h"

namespace archive {
namespace {

constexpr std::uint16_t kXResolution = 282;
constexpr std::uint16_t kYResolution = 283;
constexpr std::uint16_t kOrientation = 274;
constexpr std::uint16_t kResolutionUnit = 296;
constexpr unsigned kCentimetre = 3;
constexpr std::size_t kEntryBytes = 12;

double rational_at(const ByteView& view, std::size_t offset) {
  const double denominator = view.u32(offset + 4);
  return denominator > 0 ? view.u32(offset) / denominator : 0;
}

}  // namespace

ExifFacts read_exif(Bytes tiff) {
  ExifFacts facts;
  if (tiff.size() < 8) return facts;
  const bool big_endian = tiff[0] == 'M';
  const ByteView view(tiff, big_endian);
  if (view.u16(2) != 42) return facts;
  const std::size_t directory = view.u32(4);
  const unsigned entries = view.u16(directory);
  unsigned unit = 2;
  for (unsigned i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (!view.has(entry, kEntryBytes)) break;
    switch (view.u16(entry)) {
      case kOrientation:
        facts.orientation = view.u16(entry + 8);
        break;
      case kXResolution:
        facts.dpi_x = rational_at(view, view.u32(entry + 8));
        break;
      case kYResolution:
        facts.dpi_y = rational_at(view, view.u32(entry + 8));
        break;
      case kResolutionUnit:
        unit = view.u16(entry + 8);
        break;
      default:
        break;
    }
  }
  if (facts.orientation < 1 || facts.orientation > 8) facts.orientation = 1;
  const double per_inch = unit == kCentimetre ? 2.54 : 1;
  facts.dpi_x *= per_inch;
  facts.dpi_y *= per_inch;
  return facts;
}

}  // namespace archive
