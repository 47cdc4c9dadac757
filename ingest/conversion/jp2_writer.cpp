// The only file that writes by OpenJPEG.

#include "ingest/conversion/jp2_writer.h"

#include <openjpeg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

namespace archive {
namespace {

constexpr double kInchesPerMetre = 39.3700787;
constexpr int kBilevelThreshold = 128;
constexpr int kSmallestSide = 64;  // of the coarsest wavelet level

struct Output {
  std::string bytes;
  std::size_t position = 0;
};

OPJ_SIZE_T write_some(void* from, OPJ_SIZE_T count, void* user) {
  auto& out = *static_cast<Output*>(user);
  if (out.position + count > out.bytes.size()) out.bytes.resize(out.position + count);
  std::memcpy(out.bytes.data() + out.position, from, count);
  out.position += count;
  return count;
}

OPJ_OFF_T skip_some(OPJ_OFF_T count, void* user) {
  static_cast<Output*>(user)->position += static_cast<std::size_t>(count);
  return count;
}

OPJ_BOOL seek_to(OPJ_OFF_T position, void* user) {
  static_cast<Output*>(user)->position = static_cast<std::size_t>(position);
  return OPJ_TRUE;
}

void complain(const char* message, void* user) { *static_cast<std::string*>(user) += message; }

struct StreamCloser {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct CodecCloser {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct ImageCloser {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};

std::unique_ptr<opj_image_t, ImageCloser> image_of(const PageImage& page) {
  const Pixels& pixels = page.pixels;
  const bool bilevel = page.bits_per_pixel == 1 && pixels.channels == 1;
  std::array<opj_image_cmptparm_t, 3> planes{};
  for (opj_image_cmptparm_t& plane : planes) {
    plane.dx = plane.dy = 1;
    plane.w = static_cast<OPJ_UINT32>(pixels.width);
    plane.h = static_cast<OPJ_UINT32>(pixels.height);
    plane.prec = bilevel ? 1 : 8;
  }
  std::unique_ptr<opj_image_t, ImageCloser> image(
      opj_image_create(static_cast<OPJ_UINT32>(pixels.channels), planes.data(),
                       pixels.channels == 1 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB));
  if (!image) throw std::runtime_error("no memory for a picture");
  image->x1 = static_cast<OPJ_UINT32>(pixels.width);
  image->y1 = static_cast<OPJ_UINT32>(pixels.height);
  const auto channels = static_cast<std::size_t>(pixels.channels);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    // Ours are blue, green, red.
    OPJ_INT32* to = image->comps[channels - 1 - channel].data;
    for (std::size_t i = channel; i < pixels.bytes.size(); i += channels) {
      *to++ = bilevel ? pixels.bytes[i] >= kBilevelThreshold : pixels.bytes[i];
    }
  }
  return image;
}

void put_number(std::string& out, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xFF);
  }
}

/// Pixels a metre as a whole number over one, to the power of ten that it needs (I.5.3.7.1).
std::pair<std::uint32_t, int> scaled(double dpi) {
  double value = dpi * kInchesPerMetre;
  int power = 0;
  for (; value > 65'535; value /= 10) ++power;
  return {static_cast<std::uint32_t>(std::lround(value)), power};
}

std::string resolution_box(double dpi_x, double dpi_y) {
  const auto [across, across_power] = scaled(dpi_x);
  const auto [down, down_power] = scaled(dpi_y);
  std::string box;
  put_number(box, 26, 4);
  box += "res ";
  put_number(box, 18, 4);
  box += "resc";
  put_number(box, down, 2);
  put_number(box, 1, 2);
  put_number(box, across, 2);
  put_number(box, 1, 2);
  box += static_cast<char>(down_power);
  box += static_cast<char>(across_power);
  return box;
}

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  }
  return value;
}

// OpenJPEG writes no resolution. The box goes to the end of the header's.
void add_resolution(std::string& file, double dpi_x, double dpi_y) {
  for (std::size_t at = 0; at + 8 <= file.size();) {
    const std::uint32_t length = number_at(file, at);
    if (file.compare(at + 4, 4, "jp2h") == 0) {
      const std::string box = resolution_box(dpi_x, dpi_y);
      file.insert(at + length, box);
      std::string longer;
      put_number(longer, length + static_cast<std::uint32_t>(box.size()), 4);
      file.replace(at, 4, longer);
      return;
    }
    if (length < 8) return;
    at += length;
  }
}

int levels_for(const Pixels& pixels) {
  int levels = 1;
  for (int side = std::min(pixels.width, pixels.height); side >= 2 * kSmallestSide; side /= 2) {
    ++levels;
  }
  return std::min(levels, 6);
}

}  // namespace

WritingTool jp2_writing_tool() { return {"OpenJPEG", opj_version()}; }

std::string jp2_of(const PageImage& page) {
  const auto image = image_of(page);
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  parameters.tcp_rates[0] = 0;  // everything
  parameters.cp_disto_alloc = 1;
  parameters.irreversible = 0;
  // A wavelet of one-bit pixels needs more bits than they have.
  parameters.numresolution = image->comps[0].prec == 1 ? 1 : levels_for(page.pixels);
  parameters.tcp_mct = page.pixels.channels == 3 ? 1 : 0;
  std::string complaints;
  const std::unique_ptr<opj_codec_t, CodecCloser> codec(opj_create_compress(OPJ_CODEC_JP2));
  opj_set_error_handler(codec.get(), complain, &complaints);
  Output out;
  const std::unique_ptr<opj_stream_t, StreamCloser> stream(
      opj_stream_create(OPJ_J2K_STREAM_CHUNK_SIZE, OPJ_FALSE));
  opj_stream_set_write_function(stream.get(), write_some);
  opj_stream_set_skip_function(stream.get(), skip_some);
  opj_stream_set_seek_function(stream.get(), seek_to);
  opj_stream_set_user_data(stream.get(), &out, nullptr);
  if (!opj_setup_encoder(codec.get(), &parameters, image.get()) ||
      !opj_start_compress(codec.get(), image.get(), stream.get()) ||
      !opj_encode(codec.get(), stream.get()) || !opj_end_compress(codec.get(), stream.get())) {
    throw std::runtime_error("JPEG 2000 could not be written: " + complaints);
  }
  if (page.dpi_x > 0 && page.dpi_y > 0) add_resolution(out.bytes, page.dpi_x, page.dpi_y);
  return std::move(out.bytes);
}

}  // namespace archive
