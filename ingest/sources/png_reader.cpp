// The only file that includes libpng.
//
// As with libjpeg, errors jump back to guarded(), and the steps between hold no object
// that needs a destructor.

#include <png.h>

#include <csetjmp>
#include <cstring>
#include <utility>

#include "ingest/sources/complaints.h"
#include "ingest/sources/exif.h"
#include "ingest/sources/raster.h"
#include "ingest/sources/source_reader.h"

namespace archive {
namespace {

constexpr png_alloc_size_t kChunkBytesMax = 8U << 20;
constexpr png_uint_32 kChunksMax = 256;
constexpr double kInchesPerMetre = 39.3700787;

class PngDecoder {
 public:
  PngDecoder(Bytes bytes, const DecodeLimits& limits) : bytes_(bytes), limits_(limits) {}
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  DecodedPage decode();

 private:
  [[noreturn]] static void fail(png_structp png, png_const_charp message);
  static void complain(png_structp png, png_const_charp message);
  static void supply(png_structp png, png_bytep to, std::size_t count);

  bool guarded(void (PngDecoder::*step)());
  void read_header();
  void start();
  void read_rows();
  void finish();

  bool set_up();
  void take_row(int y);
  void take_interlaced();
  void set_resolution();
  ExifFacts exif();
  PageFault fault() const;

  Bytes bytes_;
  DecodeLimits limits_;
  std::size_t position_ = 0;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf escape_{};
  Complaints complaints_;
  bool out_of_bytes_ = false;
  PageImage page_;
  std::size_t samples_ = 1;  // a pixel, alpha included, after libpng's conversions
  std::size_t row_bytes_ = 0;
  bool bilevel_ = false;
  bool interlaced_ = false;
  std::uint32_t rows_done_ = 0;
  std::vector<std::uint8_t> raw_;  // one row, or the whole picture when interlaced
  std::vector<png_bytep> raw_rows_;
};

void PngDecoder::fail(png_structp png, png_const_charp message) {
  auto* self = static_cast<PngDecoder*>(png_get_error_ptr(png));
  self->complaints_.add(message);
  std::longjmp(self->escape_, 1);
}

void PngDecoder::complain(png_structp png, png_const_charp message) {
  static_cast<PngDecoder*>(png_get_error_ptr(png))->complaints_.add(message);
}

void PngDecoder::supply(png_structp png, png_bytep to, std::size_t count) {
  auto* self = static_cast<PngDecoder*>(png_get_io_ptr(png));
  if (count > self->bytes_.size() - self->position_) {
    self->out_of_bytes_ = true;
    png_error(png, "ends before it should");
  }
  std::memcpy(to, self->bytes_.data() + self->position_, count);
  self->position_ += count;
}

bool PngDecoder::guarded(void (PngDecoder::*step)()) {
  if (setjmp(escape_) != 0) return false;
  (this->*step)();
  return true;
}

bool PngDecoder::set_up() {
  png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, complain);
  if (png_ == nullptr) return false;
  info_ = png_create_info_struct(png_);
  return info_ != nullptr;
}

void PngDecoder::read_header() {
  png_set_read_fn(png_, this, supply);
  png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(png_, kChunkBytesMax);
  png_set_chunk_cache_max(png_, kChunksMax);
  png_read_info(png_, info_);
}

// Everything becomes 8 bits a sample: bilevel grey is kept packed until it is copied.
void PngDecoder::start() {
  const int depth = png_get_bit_depth(png_, info_);
  const int colour = png_get_color_type(png_, info_);
  const bool see_through = png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
  bilevel_ = depth == 1 && colour == PNG_COLOR_TYPE_GRAY && !see_through;
  if (depth == 16) png_set_scale_16(png_);
  if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
  if (colour == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png_);
  if (see_through) png_set_tRNS_to_alpha(png_);
  png_set_bgr(png_);
  interlaced_ = png_set_interlace_handling(png_) > 1;
  png_read_update_info(png_, info_);
  samples_ = png_get_channels(png_, info_);
  row_bytes_ = png_get_rowbytes(png_, info_);
}

void PngDecoder::read_rows() {
  const auto height = static_cast<std::uint32_t>(page_.pixels.height);
  if (interlaced_) {
    png_read_image(png_, raw_rows_.data());
    rows_done_ = height;
    return;
  }
  for (; rows_done_ < height; ++rows_done_) {
    png_read_row(png_, raw_.data(), nullptr);
    take_row(static_cast<int>(rows_done_));
  }
}

void PngDecoder::finish() { png_read_end(png_, info_); }

void PngDecoder::take_row(int y) {
  const std::uint8_t* in = interlaced_ ? raw_rows_[static_cast<std::size_t>(y)] : raw_.data();
  std::uint8_t* out = page_.pixels.row(y);
  const auto colours = static_cast<std::size_t>(page_.pixels.channels);
  if (samples_ == colours) {
    std::memcpy(out, in, page_.pixels.stride());
    return;
  }
  for (int x = 0; x < page_.pixels.width; ++x, in += samples_, out += colours) {
    for (std::size_t c = 0; c < colours; ++c) out[c] = over_white(in[c], in[colours]);
  }
}

void PngDecoder::take_interlaced() {
  for (int y = 0; y < page_.pixels.height; ++y) take_row(y);
}

void PngDecoder::set_resolution() {
  png_uint_32 x = 0;
  png_uint_32 y = 0;
  int unit = PNG_RESOLUTION_UNKNOWN;
  if (png_get_pHYs(png_, info_, &x, &y, &unit) == 0 || unit != PNG_RESOLUTION_METER) return;
  page_.dpi_x = x / kInchesPerMetre;
  page_.dpi_y = y / kInchesPerMetre;
}

ExifFacts PngDecoder::exif() {
  png_uint_32 count = 0;
  png_bytep block = nullptr;
  if (png_get_eXIf_1(png_, info_, &count, &block) == 0) return {};
  return read_exif({block, count});
}

PageFault PngDecoder::fault() const {
  const auto reason = out_of_bytes_ ? FaultReason::truncated : FaultReason::damaged;
  return {Stage::decode, reason, complaints_.last("libpng gave up")};
}

DecodedPage PngDecoder::decode() {
  if (!set_up()) {
    return Failure{PageFault{Stage::decode, FaultReason::decoder_memory, "libpng"}};
  }
  if (!guarded(&PngDecoder::read_header)) return Failure{fault()};
  const std::uint64_t width = png_get_image_width(png_, info_);
  const std::uint64_t height = png_get_image_height(png_, info_);
  if (auto too_much = size_fault(width, height, limits_)) return Failure{*too_much};
  if (!guarded(&PngDecoder::start)) return Failure{fault()};
  const bool grey = samples_ <= 2;
  page_.pixels = white_raster(width, height, grey ? 1 : 3);
  page_.bits_per_pixel = bilevel_ ? 1 : grey ? 8 : 24;
  raw_.resize(interlaced_ ? row_bytes_ * height : row_bytes_, 255);
  for (std::size_t y = 0; interlaced_ && y < height; ++y) {
    raw_rows_.push_back(raw_.data() + y * row_bytes_);
  }
  if (guarded(&PngDecoder::read_rows)) {
    guarded(&PngDecoder::finish);
  } else {
    if (rows_done_ == 0) return Failure{fault()};
    complaints_.add_partial("stopped at row " + std::to_string(rows_done_) + " of " +
                            std::to_string(height));
  }
  if (interlaced_) take_interlaced();
  set_resolution();
  const ExifFacts facts = exif();
  page_.warnings = complaints_.take();
  turn_upright(page_, facts.orientation);
  return std::move(page_);
}

}  // namespace

DecodedPage decode_png(Bytes bytes, const DecodeLimits& limits) {
  return PngDecoder(bytes, limits).decode();
}

}  // namespace archive
