// The only file that includes libjpeg-turbo.
//
// libjpeg reports errors by a callback that must not return. It jumps back to guarded(),
// so the steps between hold no object that needs a destructor.

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

// jpeglib.h wants <cstdio> before it.
// clang-format off
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include "ingest/sources/complaints.h"
#include "ingest/sources/exif.h"
#include "ingest/sources/raster.h"
#include "ingest/sources/source_reader.h"

namespace archive {
namespace {

// A progressive file may repeat its scans for ever, each a few bytes long.
constexpr int kScansMax = 500;
constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr unsigned kExifBytesMax = 0xFFFF;

void invert(std::uint8_t* samples, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) samples[i] = static_cast<std::uint8_t>(255 - samples[i]);
}

class JpegDecoder {
 public:
  /// Embedded in a PDF, which says itself whether the values are inverted.
  struct Embedding {
    bool inverted = false;
  };

  JpegDecoder(Bytes bytes, const DecodeLimits& limits, std::optional<Embedding> embedding)
      : bytes_(bytes), limits_(limits), embedding_(embedding) {
    info_.err = jpeg_std_error(&errors_.table);
    errors_.table.error_exit = fail;
    errors_.table.emit_message = complain;
    errors_.table.output_message = [](j_common_ptr) {};
    info_.client_data = this;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&info_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  DecodedPage decode();

 private:
  struct Errors {
    jpeg_error_mgr table{};
    std::jmp_buf escape{};
  };
  struct Progress {
    jpeg_progress_mgr table{};
  };

  static JpegDecoder& of(j_common_ptr info) {
    return *static_cast<JpegDecoder*>(info->client_data);
  }
  [[noreturn]] static void fail(j_common_ptr info);
  static void complain(j_common_ptr info, int level);
  static void count_scans(j_common_ptr info);

  bool guarded(void (JpegDecoder::*step)());
  void read_header();
  void start();
  void read_rows();
  void finish() { jpeg_finish_decompress(&info_); }

  bool choose_colours();
  ExifFacts exif() const;
  void set_resolution(const ExifFacts& facts);
  void row_from_cmyk(int y);
  PageFault fault() const;

  Bytes bytes_;
  DecodeLimits limits_;
  std::optional<Embedding> embedding_;
  jpeg_decompress_struct info_{};
  Errors errors_;
  Progress progress_;
  Complaints complaints_;
  int failure_ = 0;  // libjpeg's code of the error that ended decoding
  PageImage page_;
  std::vector<std::uint8_t> cmyk_;
};

void JpegDecoder::fail(j_common_ptr info) {
  JpegDecoder& self = of(info);
  self.failure_ = info->err->msg_code;
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  self.complaints_.add(text);
  std::longjmp(self.errors_.escape, 1);
}

// Negative levels are warnings (corrupt data), the others chatter.
void JpegDecoder::complain(j_common_ptr info, int level) {
  if (level >= 0) return;
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  const bool cut_short = std::strstr(text, "remature end") != nullptr;
  if (cut_short) {
    of(info).complaints_.add_partial(text);
  } else {
    of(info).complaints_.add(text);
  }
}

void JpegDecoder::count_scans(j_common_ptr info) {
  const auto* decompress = reinterpret_cast<j_decompress_ptr>(info);
  if (decompress->input_scan_number > kScansMax) {
    of(info).complaints_.add("more than " + std::to_string(kScansMax) + " scans");
    std::longjmp(of(info).errors_.escape, 1);
  }
}

bool JpegDecoder::guarded(void (JpegDecoder::*step)()) {
  if (setjmp(errors_.escape) != 0) return false;
  (this->*step)();
  return true;
}

void JpegDecoder::read_header() {
  jpeg_create_decompress(&info_);
  progress_.table.progress_monitor = count_scans;
  info_.progress = &progress_.table;
  jpeg_mem_src(&info_, bytes_.data(), bytes_.size());
  if (!embedding_) jpeg_save_markers(&info_, kExifMarker, kExifBytesMax);
  jpeg_read_header(&info_, TRUE);
}

bool JpegDecoder::choose_colours() {
  switch (info_.jpeg_color_space) {
    case JCS_GRAYSCALE:
      info_.out_color_space = JCS_GRAYSCALE;
      return true;
    case JCS_YCbCr:
    case JCS_RGB:
      info_.out_color_space = JCS_EXT_BGR;
      return true;
    case JCS_CMYK:
    case JCS_YCCK:
      info_.out_color_space = JCS_CMYK;
      return true;
    default:
      return false;
  }
}

void JpegDecoder::start() { jpeg_start_decompress(&info_); }

void JpegDecoder::row_from_cmyk(int y) {
  JSAMPROW row = cmyk_.data();
  jpeg_read_scanlines(&info_, &row, 1);
  // Adobe writes ink the other way round: 0 is full.
  if (embedding_ ? embedding_->inverted : info_.saw_Adobe_marker != 0) {
    invert(cmyk_.data(), cmyk_.size());
  }
  bgr_from_cmyk(cmyk_.data(), info_.output_width, page_.pixels.row(y));
}

void JpegDecoder::read_rows() {
  while (info_.output_scanline < info_.output_height) {
    const int y = static_cast<int>(info_.output_scanline);
    if (info_.out_color_space == JCS_CMYK) {
      row_from_cmyk(y);
    } else {
      JSAMPROW row = page_.pixels.row(y);
      jpeg_read_scanlines(&info_, &row, 1);
      if (embedding_ && embedding_->inverted) invert(row, page_.pixels.stride());
    }
  }
}

ExifFacts JpegDecoder::exif() const {
  constexpr char kSignature[6] = {'E', 'x', 'i', 'f', 0, 0};
  for (auto marker = info_.marker_list; marker != nullptr; marker = marker->next) {
    if (marker->marker != kExifMarker || marker->data_length <= sizeof kSignature) continue;
    if (std::memcmp(marker->data, kSignature, sizeof kSignature) != 0) continue;
    return read_exif({marker->data + sizeof kSignature, marker->data_length - sizeof kSignature});
  }
  return {};
}

void JpegDecoder::set_resolution(const ExifFacts& facts) {
  page_.dpi_x = facts.dpi_x;
  page_.dpi_y = facts.dpi_y;
  if (!info_.saw_JFIF_marker || info_.density_unit == 0) return;
  const double per_inch = info_.density_unit == 2 ? 2.54 : 1;
  page_.dpi_x = info_.X_density * per_inch;
  page_.dpi_y = info_.Y_density * per_inch;
}

PageFault JpegDecoder::fault() const {
  FaultReason reason = FaultReason::damaged;
  switch (failure_) {
    case JERR_OUT_OF_MEMORY:
      reason = FaultReason::decoder_memory;
      break;
    case JERR_INPUT_EMPTY:
    case JERR_NO_IMAGE:
      reason = FaultReason::truncated;
      break;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_ARITH_NOTIMPL:
      reason = FaultReason::unsupported;
      break;
    default:
      break;
  }
  return {Stage::decode, reason, complaints_.last("libjpeg gave up")};
}

DecodedPage JpegDecoder::decode() {
  if (!guarded(&JpegDecoder::read_header)) return Failure{fault()};
  if (auto too_much = size_fault(info_.image_width, info_.image_height, limits_)) {
    return Failure{*too_much};
  }
  if (!choose_colours()) {
    return Failure{PageFault{Stage::decode, FaultReason::unsupported, "unknown colour space"}};
  }
  if (!guarded(&JpegDecoder::start)) return Failure{fault()};
  const bool grey = info_.out_color_space == JCS_GRAYSCALE;
  page_.pixels = white_raster(info_.output_width, info_.output_height, grey ? 1 : 3);
  page_.bits_per_pixel = grey ? 8 : 24;
  if (info_.out_color_space == JCS_CMYK) cmyk_.resize(std::size_t{4} * info_.output_width);
  const ExifFacts facts = exif();  // jpeg_finish_decompress() throws the markers away
  if (guarded(&JpegDecoder::read_rows)) {
    guarded(&JpegDecoder::finish);
  } else {
    if (info_.output_scanline == 0) return Failure{fault()};
    complaints_.add_partial("stopped at row " + std::to_string(info_.output_scanline) + " of " +
                            std::to_string(info_.output_height));
  }
  set_resolution(facts);
  page_.warnings = complaints_.take();
  turn_upright(page_, facts.orientation);
  return std::move(page_);
}

}  // namespace

DecodedPage decode_jpeg(Bytes bytes, const DecodeLimits& limits) {
  return JpegDecoder(bytes, limits, std::nullopt).decode();
}

DecodedPage decode_embedded_jpeg(Bytes bytes, const DecodeLimits& limits, bool inverted) {
  return JpegDecoder(bytes, limits, JpegDecoder::Embedding{inverted}).decode();
}

}  // namespace archive
