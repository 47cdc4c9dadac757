#include "ingest/sources/raster.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

namespace archive {
namespace {

// Where the pixels of the upright picture lie in the stored one: the offset of its
// first pixel and the steps to the right and downwards, in pixels.
struct Walk {
  std::ptrdiff_t first = 0;
  std::ptrdiff_t right = 1;
  std::ptrdiff_t down = 0;
};

Walk walk_for(int orientation, std::ptrdiff_t width, std::ptrdiff_t height) {
  const std::ptrdiff_t last_column = width - 1;
  const std::ptrdiff_t last_row = (height - 1) * width;
  switch (orientation) {
    case 2:
      return {last_column, -1, width};
    case 3:
      return {last_row + last_column, -1, -width};
    case 4:
      return {last_row, 1, -width};
    case 5:
      return {0, width, 1};
    case 6:
      return {last_row, -width, 1};
    case 7:
      return {last_row + last_column, -width, -1};
    case 8:
      return {last_column, width, -1};
    default:
      return {0, 1, width};
  }
}

// Square by square, so that a quarter turn does not miss the cache at every pixel.
template <int kChannels>
void copy_walking(const Pixels& from, const Walk& walk, Pixels& to) {
  constexpr int kSquare = 64;
  for (int top = 0; top < to.height; top += kSquare) {
    const int bottom = std::min(top + kSquare, to.height);
    for (int left = 0; left < to.width; left += kSquare) {
      const int right = std::min(left + kSquare, to.width);
      for (int y = top; y < bottom; ++y) {
        std::uint8_t* out = to.row(y) + static_cast<std::ptrdiff_t>(left) * kChannels;
        const std::uint8_t* in =
            from.bytes.data() + (walk.first + y * walk.down + left * walk.right) * kChannels;
        for (int x = left; x < right; ++x, in += walk.right * kChannels) {
          for (int c = 0; c < kChannels; ++c) *out++ = in[c];
        }
      }
    }
  }
}

std::array<std::array<std::uint8_t, 8>, 256> make_bit_table() {
  std::array<std::array<std::uint8_t, 8>, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      table[byte][bit] = (byte >> (7 - bit)) & 1U ? 255 : 0;
    }
  }
  return table;
}

// A colour page is three thousand small pages of memory; touching each for the first time
// takes longer than filling it. What the kernel makes of the advice does not matter.
void prefer_large_pages(void* memory, std::size_t size) {
  constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20;
  const auto start = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (start + kLargePage - 1) / kLargePage * kLargePage;
  const std::uintptr_t end = (start + size) / kLargePage * kLargePage;
  if (first >= end) return;
  ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

}  // namespace

std::optional<PageFault> size_fault(std::uint64_t width, std::uint64_t height,
                                    const DecodeLimits& limits) {
  if (width == 0 || height == 0) {
    return PageFault{Stage::decode, FaultReason::damaged, "a picture without pixels"};
  }
  constexpr std::uint64_t kSideMax = std::numeric_limits<int>::max() / 8;
  if (width > kSideMax || height > kSideMax || height > limits.pixels_max / width) {
    return PageFault{Stage::decode, FaultReason::too_many_pixels,
                     std::to_string(width) + " x " + std::to_string(height) + " pixels"};
  }
  return std::nullopt;
}

Pixels white_raster(std::uint64_t width, std::uint64_t height, int channels) {
  Pixels raster;
  raster.width = static_cast<int>(width);
  raster.height = static_cast<int>(height);
  raster.channels = channels;
  const auto size = static_cast<std::size_t>(width * height) * static_cast<unsigned>(channels);
  raster.bytes.reserve(size);
  prefer_large_pages(raster.bytes.data(), size);
  raster.bytes.assign(size, 255);
  return raster;
}

Pixels turned(const Pixels& stored, int orientation) {
  const bool swapped = orientation >= 5 && orientation <= 8;
  Pixels upright;
  upright.width = swapped ? stored.height : stored.width;
  upright.height = swapped ? stored.width : stored.height;
  upright.channels = stored.channels;
  upright.bytes.reserve(stored.bytes.size());
  prefer_large_pages(upright.bytes.data(), stored.bytes.size());
  upright.bytes.resize(stored.bytes.size());
  const Walk walk = walk_for(orientation, stored.width, stored.height);
  if (stored.channels == 1) {
    copy_walking<1>(stored, walk, upright);
  } else {
    copy_walking<3>(stored, walk, upright);
  }
  return upright;
}

void turn_upright(PageImage& page, int orientation) {
  if (orientation < 2 || orientation > 8) return;
  page.pixels = turned(page.pixels, orientation);
  if (orientation >= 5) std::swap(page.dpi_x, page.dpi_y);
}

void bgr_from_cmyk(const std::uint8_t* cmyk, std::size_t width, std::uint8_t* bgr) {
  for (std::size_t x = 0; x < width; ++x, cmyk += 4, bgr += 3) {
    const unsigned light = 255U - cmyk[3];
    for (std::size_t c = 0; c < 3; ++c) {
      bgr[2 - c] = static_cast<std::uint8_t>(((255U - cmyk[c]) * light + 127U) / 255U);
    }
  }
}

void grey_from_bits(const std::uint8_t* bits, std::size_t width, bool zero_is_black,
                    std::uint8_t* grey) {
  static const auto kTable = make_bit_table();
  const std::uint8_t flip = zero_is_black ? 0x00 : 0xFF;
  const std::size_t whole = width / 8;
  for (std::size_t i = 0; i < whole; ++i) {
    std::memcpy(grey + 8 * i, kTable[bits[i] ^ flip].data(), 8);
  }
  if (width % 8 != 0) {
    std::memcpy(grey + 8 * whole, kTable[bits[whole] ^ flip].data(), width % 8);
  }
}

}  // namespace archive
