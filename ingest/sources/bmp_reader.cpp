// Windows and OS/2 bitmaps, read strictly: [MS-WMF] 2.2.2 (BITMAPINFOHEADER and its
// successors) and the run lengths of its section 3.1.6. There is no library in Debian
// for them, and the format is small. Test: tests/ingest/sources_bmp_test.cpp.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "ingest/sources/byte_view.h"
#include "ingest/sources/complaints.h"
#include "ingest/sources/raster.h"
#include "ingest/sources/source_reader.h"

namespace archive {
namespace {

constexpr std::size_t kFileHeaderBytes = 14;
constexpr std::uint32_t kCoreHeaderBytes = 12;
constexpr std::uint32_t kInfoHeaderBytes = 40;
constexpr double kInchesPerMetre = 39.3700787;

enum class Packing : std::uint32_t { plain = 0, rle8 = 1, rle4 = 2, fields = 3, fields_alpha = 6 };

struct Colour {
  std::uint8_t blue = 0, green = 0, red = 0;
  bool grey() const { return blue == green && green == red; }
};

// One colour of a 16 or 32 bit pixel.
struct Field {
  unsigned shift = 0;
  std::uint32_t max = 0;

  static Field of(std::uint32_t mask) {
    const auto shift = mask == 0 ? 0U : static_cast<unsigned>(std::countr_zero(mask));
    return {shift, mask >> shift};
  }
  std::uint8_t in(std::uint32_t pixel) const {
    if (max == 0) return 0;
    const std::uint64_t value = (pixel >> shift) & max;
    return static_cast<std::uint8_t>((value * 255 + max / 2) / max);
  }
};

class BmpDecoder {
 public:
  BmpDecoder(Bytes bytes, const DecodeLimits& limits)
      : bytes_(bytes), view_(bytes, false), limits_(limits) {}

  DecodedPage decode();

 private:
  std::optional<PageFault> read_header();
  std::optional<PageFault> check_packing() const;
  void read_size();
  void read_palette();
  void read_fields();
  void choose_raster();

  void read_plain_rows();
  void read_row(std::size_t offset, int y);
  void read_runs();
  std::size_t read_absolute(std::size_t at, unsigned count, int& x, int y);
  void put(int x, int y, unsigned index);
  unsigned index_at(std::size_t row, int x) const;
  int row_of(std::uint64_t stored) const;

  static Failure<PageFault> failure(FaultReason reason, std::string detail) {
    return Failure{PageFault{Stage::decode, reason, std::move(detail)}};
  }

  Bytes bytes_;
  ByteView view_;
  DecodeLimits limits_;
  std::uint32_t header_bytes_ = 0;
  std::uint64_t width_ = 0;
  std::uint64_t height_ = 0;
  bool top_down_ = false;
  unsigned bits_ = 0;
  Packing packing_ = Packing::plain;
  std::vector<Colour> palette_;
  std::array<Field, 3> fields_{};  // blue, green, red
  Complaints complaints_;
  PageImage page_;
};

void BmpDecoder::read_size() {
  const std::size_t at = kFileHeaderBytes;
  if (header_bytes_ == kCoreHeaderBytes) {
    width_ = view_.u16(at + 4);
    height_ = view_.u16(at + 6);
    bits_ = view_.u16(at + 10);
    return;
  }
  const std::int64_t width = view_.i32(at + 4);
  const std::int64_t height = view_.i32(at + 8);
  top_down_ = height < 0;
  width_ = width < 0 ? 0 : static_cast<std::uint64_t>(width);
  height_ = static_cast<std::uint64_t>(std::abs(height));
  bits_ = view_.u16(at + 14);
  if (header_bytes_ < kInfoHeaderBytes) return;
  packing_ = static_cast<Packing>(view_.u32(at + 16));
  page_.dpi_x = view_.i32(at + 24) / kInchesPerMetre;
  page_.dpi_y = view_.i32(at + 28) / kInchesPerMetre;
}

std::optional<PageFault> BmpDecoder::check_packing() const {
  const bool indexed = bits_ == 1 || bits_ == 2 || bits_ == 4 || bits_ == 8;
  const bool direct = bits_ == 16 || bits_ == 24 || bits_ == 32;
  bool known = false;
  switch (packing_) {
    case Packing::plain:
      known = indexed || direct;
      break;
    case Packing::rle8:
      known = bits_ == 8 && !top_down_;
      break;
    case Packing::rle4:
      known = bits_ == 4 && !top_down_;
      break;
    case Packing::fields:
    case Packing::fields_alpha:
      known = bits_ == 16 || bits_ == 32;
      break;
  }
  if (known) return std::nullopt;
  return PageFault{Stage::decode, FaultReason::unsupported,
                   std::to_string(bits_) + " bits, packing " +
                       std::to_string(static_cast<std::uint32_t>(packing_))};
}

std::optional<PageFault> BmpDecoder::read_header() {
  header_bytes_ = view_.u32(kFileHeaderBytes);
  constexpr std::array kKnown = {12U, 16U, 40U, 52U, 56U, 64U, 108U, 124U};
  if (std::ranges::find(kKnown, header_bytes_) == kKnown.end()) {
    return PageFault{Stage::decode, FaultReason::unsupported,
                     "header of " + std::to_string(header_bytes_) + " bytes"};
  }
  if (!view_.has(kFileHeaderBytes, header_bytes_)) {
    return PageFault{Stage::decode, FaultReason::truncated, "ends within its header"};
  }
  read_size();
  if (auto too_much = size_fault(width_, height_, limits_)) return too_much;
  if (auto unknown = check_packing()) return unknown;
  if (bits_ <= 8) {
    read_palette();
  } else {
    read_fields();
  }
  return std::nullopt;
}

void BmpDecoder::read_palette() {
  const bool core = header_bytes_ == kCoreHeaderBytes;
  const std::size_t entry = core ? 3 : 4;
  std::uint32_t used = header_bytes_ >= kInfoHeaderBytes ? view_.u32(kFileHeaderBytes + 32) : 0;
  if (used == 0 || used > 1U << bits_) used = 1U << bits_;
  const std::size_t start = kFileHeaderBytes + header_bytes_;
  palette_.resize(1U << bits_);
  for (std::uint32_t i = 0; i < used && view_.has(start + i * entry, 3); ++i) {
    const std::uint8_t* colour = bytes_.data() + start + i * entry;
    palette_[i] = {colour[0], colour[1], colour[2]};
  }
}

void BmpDecoder::read_fields() {
  std::array<std::uint32_t, 3> masks = {0x0000FF, 0x00FF00, 0xFF0000};
  if (bits_ == 16) masks = {0x001F, 0x03E0, 0x7C00};
  if (packing_ != Packing::plain) {
    const std::size_t start = kFileHeaderBytes + kInfoHeaderBytes;
    for (std::size_t i = 0; i < 3; ++i) masks[2 - i] = view_.u32(start + 4 * i);
  }
  std::ranges::transform(masks, fields_.begin(), Field::of);
}

void BmpDecoder::choose_raster() {
  const bool grey = bits_ <= 8 && std::ranges::all_of(palette_, &Colour::grey);
  const bool bilevel = grey && bits_ == 1 && palette_[0].red != palette_[1].red &&
                       (palette_[0].red + palette_[1].red) == 255;
  page_.pixels = white_raster(width_, height_, grey ? 1 : 3);
  page_.bits_per_pixel = bilevel ? 1 : grey ? 8 : 24;
}

int BmpDecoder::row_of(std::uint64_t stored) const {
  return static_cast<int>(top_down_ ? stored : height_ - 1 - stored);
}

void BmpDecoder::put(int x, int y, unsigned index) {
  const Colour colour = palette_[index];
  if (page_.pixels.channels == 1) {
    page_.pixels.row(y)[x] = colour.red;
    return;
  }
  std::uint8_t* out = page_.pixels.row(y) + std::ptrdiff_t{3} * x;
  out[0] = colour.blue;
  out[1] = colour.green;
  out[2] = colour.red;
}

unsigned BmpDecoder::index_at(std::size_t row, int x) const {
  const auto bit = static_cast<std::size_t>(x) * bits_;
  const unsigned byte = bytes_[row + bit / 8];
  return byte >> (8 - bits_ - bit % 8) & ((1U << bits_) - 1);
}

void BmpDecoder::read_row(std::size_t offset, int y) {
  std::uint8_t* out = page_.pixels.row(y);
  for (int x = 0; x < page_.pixels.width; ++x) {
    const auto column = static_cast<std::size_t>(x);
    if (bits_ <= 8) {
      put(x, y, index_at(offset, x));
    } else if (bits_ == 24) {
      std::copy_n(bytes_.data() + offset + 3 * column, 3, out + 3 * column);
    } else {
      const std::uint32_t pixel =
          bits_ == 16 ? view_.u16(offset + 2 * column) : view_.u32(offset + 4 * column);
      for (std::size_t c = 0; c < 3; ++c) out[3 * column + c] = fields_[c].in(pixel);
    }
  }
}

void BmpDecoder::read_plain_rows() {
  const std::uint64_t start = view_.u32(10);
  const std::uint64_t stride = (width_ * bits_ + 31) / 32 * 4;
  const std::uint64_t needed = (width_ * bits_ + 7) / 8;
  for (std::uint64_t stored = 0; stored < height_; ++stored) {
    const std::uint64_t offset = start + stored * stride;
    if (!view_.has(offset, needed)) {
      complaints_.add_partial("ends at row " + std::to_string(stored) + " of " +
                              std::to_string(height_));
      return;
    }
    read_row(offset, row_of(stored));
  }
}

// A run of pixels that stand one by one, padded to 16 bits. Returns where the next code is.
std::size_t BmpDecoder::read_absolute(std::size_t at, unsigned count, int& x, int y) {
  const std::size_t used = (count * bits_ + 15) / 16 * 2;
  if (!view_.has(at, (count * bits_ + 7) / 8)) return bytes_.size();
  for (unsigned i = 0; i < count && x < page_.pixels.width; ++i) {
    put(x++, y, index_at(at, static_cast<int>(i)));
  }
  return at + used;
}

void BmpDecoder::read_runs() {
  std::size_t at = view_.u32(10);
  int x = 0;
  std::uint64_t stored = 0;
  while (view_.has(at, 2) && stored < height_) {
    const unsigned count = bytes_[at];
    const unsigned value = bytes_[at + 1];
    at += 2;
    if (count > 0) {
      const int end = std::min(x + static_cast<int>(count), page_.pixels.width);
      for (unsigned i = 0; x < end; ++i) {
        const unsigned nibble = i % 2 == 0 ? value >> 4 : value & 15U;
        put(x++, row_of(stored), bits_ == 8 ? value : nibble);
      }
    } else if (value == 0) {  // end of line
      x = 0;
      ++stored;
    } else if (value == 1) {  // end of picture
      return;
    } else if (value == 2) {  // jump
      if (!view_.has(at, 2)) break;
      x = std::min(x + bytes_[at], page_.pixels.width);
      stored += bytes_[at + 1];
      at += 2;
    } else {
      at = read_absolute(at, value, x, row_of(stored));
    }
  }
  if (stored < height_) complaints_.add_partial("the runs stop before the last row");
}

DecodedPage BmpDecoder::decode() {
  if (auto fault = read_header()) return Failure{*std::move(fault)};
  if (view_.u32(10) >= bytes_.size()) {
    return failure(FaultReason::truncated, "ends before its pixels");
  }
  choose_raster();
  if (packing_ == Packing::rle8 || packing_ == Packing::rle4) {
    read_runs();
  } else {
    read_plain_rows();
  }
  page_.dpi_x = std::max(page_.dpi_x, 0.0);
  page_.dpi_y = std::max(page_.dpi_y, 0.0);
  page_.warnings = complaints_.take();
  return std::move(page_);
}

}  // namespace

DecodedPage decode_bmp(Bytes bytes, const DecodeLimits& limits) {
  return BmpDecoder(bytes, limits).decode();
}

}  // namespace archive
