#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/fault.h"
#include "core/page.h"
#include "core/pixels.h"
#include "ingest/sources/source_reader.h"

// What every reader needs to turn samples into our pixels.

namespace archive {

/// A fault when a picture of that size is nothing or more than the limit.
std::optional<PageFault> size_fault(std::uint64_t width, std::uint64_t height,
                                    const DecodeLimits& limits);

/// A raster of white. REQUIRES: size_fault() found nothing.
Pixels white_raster(std::uint64_t width, std::uint64_t height, int channels);

/// How the stored picture lies, numbered as in TIFF 6.0 (tag 274) and EXIF: 1 upright,
/// 2 mirrored, 3 upside down, 4 flipped, 5 to 8 the same after swapping rows and columns.
/// Turns the page upright; other numbers change nothing.
void turn_upright(PageImage& page, int orientation);
Pixels turned(const Pixels& stored, int orientation);

/// One row of `width` pixels, cyan, magenta, yellow, black with 255 the full ink, as BGR.
void bgr_from_cmyk(const std::uint8_t* cmyk, std::size_t width, std::uint8_t* bgr);

/// A sample laid over white paper. `alpha` 255 is opaque.
inline std::uint8_t over_white(unsigned value, unsigned alpha) {
  return static_cast<std::uint8_t>((value * alpha + 255U * (255U - alpha) + 127U) / 255U);
}

/// `width` samples of 1 bit, most significant first, as 0 and 255. `zero_is_black`
/// false turns them round.
void grey_from_bits(const std::uint8_t* bits, std::size_t width, bool zero_is_black,
                    std::uint8_t* grey);

}  // namespace archive
