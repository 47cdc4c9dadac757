// The only file that includes OpenJPEG.

#include <openjpeg.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ingest/sources/byte_view.h"
#include "ingest/sources/complaints.h"
#include "ingest/sources/raster.h"
#include "ingest/sources/source_reader.h"

namespace archive {
namespace {

constexpr std::uint32_t kComponentsMax = 5;
constexpr double kInchesPerMetre = 39.3700787;

struct Input {
  Bytes bytes;
  std::size_t position = 0;
};

OPJ_SIZE_T read_some(void* to, OPJ_SIZE_T count, void* user) {
  auto& input = *static_cast<Input*>(user);
  const std::size_t left = input.bytes.size() - input.position;
  if (left == 0) return static_cast<OPJ_SIZE_T>(-1);
  count = std::min(count, left);
  std::memcpy(to, input.bytes.data() + input.position, count);
  input.position += count;
  return count;
}

OPJ_OFF_T skip_some(OPJ_OFF_T count, void* user) {
  auto& input = *static_cast<Input*>(user);
  const auto left = static_cast<OPJ_OFF_T>(input.bytes.size() - input.position);
  count = std::clamp<OPJ_OFF_T>(count, 0, left);
  input.position += static_cast<std::size_t>(count);
  return count;
}

OPJ_BOOL seek_to(OPJ_OFF_T position, void* user) {
  auto& input = *static_cast<Input*>(user);
  if (position < 0 || static_cast<std::size_t>(position) > input.bytes.size()) return OPJ_FALSE;
  input.position = static_cast<std::size_t>(position);
  return OPJ_TRUE;
}

void complain(const char* message, void* user) { static_cast<Complaints*>(user)->add(message); }

// Streams and codecs are both void* to OpenJPEG, so each has a closer of its own.
struct StreamCloser {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct CodecCloser {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct ImageCloser {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using Stream = std::unique_ptr<opj_stream_t, StreamCloser>;
using Codec = std::unique_ptr<opj_codec_t, CodecCloser>;
using Image = std::unique_ptr<opj_image_t, ImageCloser>;

Stream open_stream(Input& input) {
  Stream stream(opj_stream_create(OPJ_J2K_STREAM_CHUNK_SIZE, OPJ_TRUE));
  opj_stream_set_read_function(stream.get(), read_some);
  opj_stream_set_skip_function(stream.get(), skip_some);
  opj_stream_set_seek_function(stream.get(), seek_to);
  opj_stream_set_user_data(stream.get(), &input, nullptr);
  opj_stream_set_user_data_length(stream.get(), input.bytes.size());
  return stream;
}

bool is_codestream(Bytes bytes) { return bytes.size() > 1 && bytes[0] == 0xFF; }

Codec open_codec(Bytes bytes, bool strict, Complaints& complaints) {
  Codec codec(opj_create_decompress(is_codestream(bytes) ? OPJ_CODEC_J2K : OPJ_CODEC_JP2));
  opj_set_error_handler(codec.get(), complain, &complaints);
  opj_set_warning_handler(codec.get(), complain, &complaints);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_setup_decoder(codec.get(), &parameters);
  opj_decoder_set_strict_mode(codec.get(), strict ? OPJ_TRUE : OPJ_FALSE);
  return codec;
}

std::optional<PageFault> check(const opj_image_t& image, const DecodeLimits& limits) {
  if (image.numcomps == 0 || image.numcomps > kComponentsMax) {
    return PageFault{Stage::decode, FaultReason::unsupported,
                     std::to_string(image.numcomps) + " components"};
  }
  for (std::uint32_t i = 0; i < image.numcomps; ++i) {
    const opj_image_comp_t& component = image.comps[i];
    if (auto too_much = size_fault(component.w, component.h, limits)) return too_much;
    if (component.prec == 0 || component.prec > 31) {
      return PageFault{Stage::decode, FaultReason::unsupported, "precision of a component"};
    }
  }
  return std::nullopt;
}

using Decoded = Result<Image, PageFault>;

Decoded decode_image(Bytes bytes, const DecodeLimits& limits, bool strict, Complaints& complaints) {
  Input input{bytes};
  const Stream stream = open_stream(input);
  const Codec codec = open_codec(bytes, strict, complaints);
  opj_image_t* header = nullptr;
  const bool readable = opj_read_header(stream.get(), codec.get(), &header) == OPJ_TRUE;
  Image image(header);
  if (!readable || image == nullptr) {
    return Failure{
        PageFault{Stage::decode, FaultReason::damaged, complaints.last("unreadable header")}};
  }
  if (auto fault = check(*image, limits)) return Failure{*std::move(fault)};
  const bool decoded = opj_decode(codec.get(), stream.get(), image.get()) == OPJ_TRUE;
  // The end of the codestream holds nothing we need; its loss is a complaint, no more.
  if (decoded) opj_end_decompress(codec.get(), stream.get());
  if (!decoded) {
    return Failure{PageFault{Stage::decode, FaultReason::damaged, complaints.last("OpenJPEG")}};
  }
  if (auto fault = check(*image, limits)) return Failure{*std::move(fault)};
  return image;
}

// One component as 8 bit samples at any place of the full picture.
class Plane {
 public:
  Plane(const opj_image_comp_t& component, const opj_image_comp_t& full)
      : component_(component),
        full_(full),
        offset_(component.sgnd ? 1 << (component.prec - 1) : 0) {}

  std::uint8_t at(int x, int y) const {
    const auto column = static_cast<std::uint64_t>(x) * component_.w / full_.w;
    const auto row = static_cast<std::uint64_t>(y) * component_.h / full_.h;
    const std::int64_t max = (std::int64_t{1} << component_.prec) - 1;
    const std::int64_t value =
        std::clamp<std::int64_t>(component_.data[row * component_.w + column] + offset_, 0, max);
    return static_cast<std::uint8_t>((value * 255 + max / 2) / max);
  }

 private:
  const opj_image_comp_t& component_;
  const opj_image_comp_t& full_;
  std::int64_t offset_;
};

// ITU-R BT.601, full range, as sYCC has it.
void bgr_from_ycc(const std::uint8_t* ycc, std::uint8_t* bgr) {
  const double y = ycc[0];
  const double blue = ycc[1] - 128.0;
  const double red = ycc[2] - 128.0;
  const auto sample = [](double value) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
  };
  bgr[0] = sample(y + 1.772 * blue);
  bgr[1] = sample(y - 0.344136 * blue - 0.714136 * red);
  bgr[2] = sample(y + 1.402 * red);
}

bool is_ycc(const opj_image_t& image) {
  if (image.color_space == OPJ_CLRSPC_SYCC || image.color_space == OPJ_CLRSPC_EYCC) return true;
  return image.color_space != OPJ_CLRSPC_SRGB && image.numcomps >= 3 &&
         image.comps[1].w < image.comps[0].w;
}

struct Layout {
  std::uint32_t colours = 1;  // components that carry colour
  std::optional<std::uint32_t> alpha;
  bool ycc = false;
};

Layout layout_of(const opj_image_t& image) {
  Layout layout;
  layout.colours = image.numcomps;
  for (std::uint32_t i = 0; i < image.numcomps; ++i) {
    if (image.comps[i].alpha != 0 && !layout.alpha) layout.alpha = i;
  }
  const bool cmyk = image.color_space == OPJ_CLRSPC_CMYK;
  if (!layout.alpha && (image.numcomps == 2 || (image.numcomps == 4 && !cmyk))) {
    layout.alpha = image.numcomps - 1;
  }
  if (layout.alpha) --layout.colours;
  layout.ycc = layout.colours == 3 && is_ycc(image);
  return layout;
}

void fill_row(const std::vector<Plane>& planes, const Layout& layout, int y, Pixels& pixels) {
  std::uint8_t* out = pixels.row(y);
  for (int x = 0; x < pixels.width; ++x, out += pixels.channels) {
    std::uint8_t in[kComponentsMax] = {};
    for (std::size_t c = 0; c < planes.size(); ++c) in[c] = planes[c].at(x, y);
    if (layout.colours < 3) {
      out[0] = in[0];
    } else if (layout.colours == 4) {
      bgr_from_cmyk(in, 1, out);
    } else if (layout.ycc) {
      bgr_from_ycc(in, out);
    } else {
      std::reverse_copy(in, in + 3, out);
    }
    if (!layout.alpha) continue;
    for (int c = 0; c < pixels.channels; ++c) out[c] = over_white(out[c], in[*layout.alpha]);
  }
}

// Boxes inside [at, end): the place and end of the contents of the first one of that type.
std::optional<std::pair<std::size_t, std::size_t>> find_box(const ByteView& view, std::size_t at,
                                                            std::size_t end, const char* type) {
  while (view.has(at, 8) && at + 8 <= end) {
    const std::size_t length = view.u32(at);
    const std::size_t next = length == 0 ? end : at + length;
    const std::uint32_t wanted =
        static_cast<std::uint32_t>(type[0]) << 24 | static_cast<std::uint32_t>(type[1]) << 16 |
        static_cast<std::uint32_t>(type[2]) << 8 | static_cast<std::uint32_t>(type[3]);
    if (view.u32(at + 4) == wanted) return std::pair{at + 8, std::min(next, end)};
    if (next < at + 8) break;
    at = next;
  }
  return std::nullopt;
}

// Capture resolution (else display resolution), ISO/IEC 15444-1, I.5.3.7.
void set_resolution(Bytes bytes, PageImage& page) {
  const ByteView view(bytes, true);
  const auto header = find_box(view, 0, bytes.size(), "jp2h");
  if (!header) return;
  const auto both = find_box(view, header->first, header->second, "res ");
  if (!both) return;
  auto box = find_box(view, both->first, both->second, "resc");
  if (!box) box = find_box(view, both->first, both->second, "resd");
  if (!box || !view.has(box->first, 10)) return;
  const auto per_inch = [&](std::size_t fraction, std::size_t exponent) {
    const double below = view.u16(fraction + 2);
    const auto power = static_cast<std::int8_t>(bytes[exponent]);
    if (below == 0) return 0.0;
    return view.u16(fraction) / below * std::pow(10.0, power) / kInchesPerMetre;
  };
  page.dpi_y = per_inch(box->first, box->first + 8);
  page.dpi_x = per_inch(box->first + 4, box->first + 9);
}

PageImage page_of(const opj_image_t& image) {
  const Layout layout = layout_of(image);
  PageImage page;
  const bool grey = layout.colours < 3;
  page.pixels = white_raster(image.comps[0].w, image.comps[0].h, grey ? 1 : 3);
  page.bits_per_pixel = !grey ? 24 : image.comps[0].prec == 1 ? 1 : 8;
  std::vector<Plane> planes;
  for (std::uint32_t i = 0; i < image.numcomps; ++i) {
    planes.emplace_back(image.comps[i], image.comps[0]);
  }
  for (int y = 0; y < page.pixels.height; ++y) fill_row(planes, layout, y, page.pixels);
  return page;
}

}  // namespace

DecodedPage decode_jp2(Bytes bytes, const DecodeLimits& limits) {
  Complaints complaints;
  Decoded image = decode_image(bytes, limits, true, complaints);
  if (!image && image.error().reason == FaultReason::damaged) {
    Decoded remains = decode_image(bytes, limits, false, complaints);
    if (!remains) return Failure{std::move(remains).error()};
    complaints.add_partial("a part of the codestream is missing or damaged");
    image = std::move(remains);
  }
  if (!image) return Failure{std::move(image).error()};
  const bool empty = std::any_of((*image)->comps, (*image)->comps + (*image)->numcomps,
                                 [](const opj_image_comp_t& c) { return c.data == nullptr; });
  if (empty) return Failure{PageFault{Stage::decode, FaultReason::damaged, "no samples"}};
  PageImage page = page_of(**image);
  set_resolution(bytes, page);
  page.warnings = complaints.take();
  return page;
}

}  // namespace archive
