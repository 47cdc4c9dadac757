// Lays out the strips and tiles that libtiff decodes, so that bilevel and grey pages stay
// one byte a pixel. Colour models that need libtiff's own arithmetic (YCbCr outside JPEG,
// L*a*b*, LogLuv, old-style JPEG) go through its RGBA interface.

#include "ingest/sources/tiff_page.h"

#include <tiffio.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ingest/sources/raster.h"
#include "ingest/sources/samples.h"

namespace archive {
namespace {

constexpr std::uint16_t kSamplesMax = 8;  // a pixel
constexpr std::uint64_t kBlockBytesMax = 1ULL << 30;

struct Facts {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  SampleType type;
  std::uint16_t samples = 1;  // a pixel
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
  std::uint16_t compression = COMPRESSION_NONE;
  std::uint16_t orientation = 1;
  bool planes_apart = false;
  std::optional<std::uint16_t> alpha;  // index of the sample
  bool premultiplied = false;

  std::uint16_t colours() const {
    switch (photometric) {
      case PHOTOMETRIC_RGB:
        return 3;
      case PHOTOMETRIC_SEPARATED:
        return 4;
      default:
        return 1;
    }
  }
  bool indexed() const { return photometric == PHOTOMETRIC_PALETTE; }
  bool grey() const { return colours() == 1 && !indexed(); }
};

template <class T>
T field(TIFF* tiff, std::uint32_t tag, T otherwise) {
  T value{};
  return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

void find_alpha(TIFF* tiff, Facts& facts) {
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) != 1) return;
  const std::uint16_t first = facts.colours();
  for (std::uint16_t i = 0; i < count && first + i < facts.samples; ++i) {
    if (kinds[i] == EXTRASAMPLE_UNSPECIFIED) continue;
    facts.alpha = static_cast<std::uint16_t>(first + i);
    facts.premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
    return;
  }
}

Facts facts_of(TIFF* tiff) {
  Facts facts;
  facts.width = field<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0);
  facts.height = field<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0);
  facts.type.bits = field<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  facts.type.real =
      field<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT) == SAMPLEFORMAT_IEEEFP;
  facts.samples = field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  facts.compression = field<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  facts.orientation = field<std::uint16_t>(tiff, TIFFTAG_ORIENTATION, 1);
  facts.planes_apart = field<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
                           PLANARCONFIG_SEPARATE &&
                       facts.samples > 1;
  const std::uint16_t guess = facts.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
  std::uint16_t photometric = 0;
  const bool told = TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) == 1;
  // Fax files often leave it out; white paper is 0 there.
  const bool fax =
      facts.compression >= COMPRESSION_CCITTRLE && facts.compression <= COMPRESSION_CCITTFAX4;
  facts.photometric = told ? photometric : fax ? std::uint16_t{PHOTOMETRIC_MINISWHITE} : guess;
  if (facts.photometric == PHOTOMETRIC_MASK) facts.photometric = PHOTOMETRIC_MINISBLACK;
  find_alpha(tiff, facts);
  return facts;
}

void set_resolution(TIFF* tiff, PageImage& page) {
  const auto unit = field<std::uint16_t>(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  if (unit == RESUNIT_NONE) return;
  const double per_inch = unit == RESUNIT_CENTIMETER ? 2.54 : 1;
  float x = 0;
  float y = 0;
  if (TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) == 1) page.dpi_x = x * per_inch;
  if (TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) == 1) page.dpi_y = y * per_inch;
}

// Puts the rows that libtiff decoded into our raster.
class Layer {
 public:
  Layer(const Facts& facts, Pixels& pixels) : facts_(facts), pixels_(pixels) {}

  bool take_palette(TIFF* tiff) {
    return TIFFGetField(tiff, TIFFTAG_COLORMAP, &red_, &green_, &blue_) == 1;
  }
  void set_range(const SampleRange& range) { range_ = range; }

  /// `planes` point to one row each, or to one row with the samples side by side.
  void put(const std::vector<const std::uint8_t*>& planes, std::uint32_t stored_width,
           std::uint32_t x, std::uint32_t y, std::uint32_t width);

 private:
  void put_indices(const std::uint8_t* in, std::uint8_t* out, std::uint32_t width);
  void put_colours(std::uint8_t* out, std::uint32_t width);
  void interleave(const std::vector<const std::uint8_t*>& planes, std::uint32_t stored_width);

  const Facts& facts_;
  Pixels& pixels_;
  SampleRange range_;
  std::uint16_t* red_ = nullptr;
  std::uint16_t* green_ = nullptr;
  std::uint16_t* blue_ = nullptr;
  std::vector<std::uint8_t> row_;
  std::vector<std::uint8_t> plane_;
  std::vector<std::uint16_t> indices_;
};

void Layer::put(const std::vector<const std::uint8_t*>& planes, std::uint32_t stored_width,
                std::uint32_t x, std::uint32_t y, std::uint32_t width) {
  const auto channels = static_cast<std::size_t>(pixels_.channels);
  std::uint8_t* out = pixels_.row(static_cast<int>(y)) + x * channels;
  if (facts_.indexed()) return put_indices(planes[0], out, width);
  if (facts_.grey() && facts_.type.bits == 1 && facts_.samples == 1) {
    grey_from_bits(planes[0], width, facts_.photometric != PHOTOMETRIC_MINISWHITE, out);
    return;
  }
  interleave(planes, stored_width);
  put_colours(out, width);
}

void Layer::interleave(const std::vector<const std::uint8_t*>& planes, std::uint32_t stored_width) {
  row_.resize(std::size_t{stored_width} * facts_.samples);
  if (planes.size() == 1) {
    unpack_samples(facts_.type, range_, planes[0], row_.size(), row_.data());
    return;
  }
  plane_.resize(stored_width);
  for (std::size_t p = 0; p < planes.size(); ++p) {
    unpack_samples(facts_.type, range_, planes[p], stored_width, plane_.data());
    for (std::size_t i = 0; i < stored_width; ++i) row_[i * facts_.samples + p] = plane_[i];
  }
}

void Layer::put_indices(const std::uint8_t* in, std::uint8_t* out, std::uint32_t width) {
  indices_.resize(std::size_t{width} * facts_.samples);
  unpack_indices(facts_.type.bits, in, indices_.size(), indices_.data());
  for (std::uint32_t x = 0; x < width; ++x, out += 3) {
    const std::uint16_t index = indices_[std::size_t{x} * facts_.samples];
    out[0] = static_cast<std::uint8_t>(blue_[index] >> 8);
    out[1] = static_cast<std::uint8_t>(green_[index] >> 8);
    out[2] = static_cast<std::uint8_t>(red_[index] >> 8);
  }
}

void Layer::put_colours(std::uint8_t* out, std::uint32_t width) {
  const std::uint8_t* in = row_.data();
  for (std::uint32_t x = 0; x < width; ++x, in += facts_.samples, out += pixels_.channels) {
    switch (facts_.photometric) {
      case PHOTOMETRIC_RGB:
        std::reverse_copy(in, in + 3, out);
        break;
      case PHOTOMETRIC_SEPARATED:
        bgr_from_cmyk(in, 1, out);
        break;
      case PHOTOMETRIC_MINISWHITE:
        out[0] = static_cast<std::uint8_t>(255 - in[0]);
        break;
      default:
        out[0] = in[0];
        break;
    }
    if (!facts_.alpha) continue;
    const unsigned alpha = in[*facts_.alpha];
    for (int c = 0; c < pixels_.channels; ++c) {
      const unsigned value = facts_.premultiplied && alpha > 0
                                 ? std::min(255U, (out[c] * 255U + alpha / 2) / alpha)
                                 : out[c];
      out[c] = over_white(value, alpha);
    }
  }
}

// One directory of the file, being decoded.
class TiffPage {
 public:
  TiffPage(TIFF* tiff, Bytes bytes, const DecodeLimits& limits, TiffEar& ear)
      : tiff_(tiff), bytes_(bytes), limits_(limits), ear_(ear), facts_(facts_of(tiff)) {}

  DecodedPage decode();

 private:
  struct Block {
    std::uint32_t x = 0, y = 0, width = 0, height = 0;  // the part inside the picture
    std::uint32_t stored_width = 0;
    std::uint32_t number = 0;  // of the first plane's strip or tile
    std::uint32_t apart = 0;   // the next plane's number is so much higher
  };

  std::optional<PageFault> check() const;
  bool needs_rgba() const;
  bool decode_rgba(PageImage& page);
  bool decode_blocks(PageImage& page);
  bool measure_range(SampleRange& range);
  void lay_out(const Block& block, Layer& layer);

  template <class Visit>
  bool each_block(Visit visit);
  bool read(const Block& block);
  std::uint64_t block_bytes() const;
  std::uint64_t row_bytes(std::uint32_t stored_width) const;
  PageFault fault() const;

  TIFF* tiff_;
  Bytes bytes_;
  DecodeLimits limits_;
  TiffEar& ear_;
  Facts facts_;
  std::vector<std::vector<std::uint8_t>> buffers_;  // one a plane
  std::uint32_t last_block_ = 0;
  std::size_t blocks_done_ = 0;
  bool unsupported_ = false;  // libtiff says that it knows no way
};

bool TiffPage::needs_rgba() const {
  if (facts_.compression == COMPRESSION_OJPEG) return true;
  switch (facts_.photometric) {
    case PHOTOMETRIC_YCBCR:
      return facts_.compression != COMPRESSION_JPEG || facts_.planes_apart;
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB:
    case PHOTOMETRIC_LOGL:
    case PHOTOMETRIC_LOGLUV:
      return true;
    default:
      return false;
  }
}

std::optional<PageFault> TiffPage::check() const {
  if (auto too_much = size_fault(facts_.width, facts_.height, limits_)) return too_much;
  const auto unsupported = [](std::string detail) {
    return PageFault{Stage::decode, FaultReason::unsupported, std::move(detail)};
  };
  if (TIFFIsCODECConfigured(facts_.compression) == 0) {
    return unsupported("compression " + std::to_string(facts_.compression));
  }
  if (needs_rgba()) return std::nullopt;
  if (!is_supported(facts_.type) || (facts_.indexed() && facts_.type.bits > 16)) {
    return unsupported(std::to_string(facts_.type.bits) + " bits a sample");
  }
  const bool known = facts_.photometric <= PHOTOMETRIC_PALETTE ||
                     facts_.photometric == PHOTOMETRIC_SEPARATED ||
                     facts_.photometric == PHOTOMETRIC_YCBCR;
  if (!known) return unsupported("colour model " + std::to_string(facts_.photometric));
  if (facts_.samples < facts_.colours() || facts_.samples > kSamplesMax) {
    return unsupported(std::to_string(facts_.samples) + " samples a pixel");
  }
  return std::nullopt;
}

std::uint64_t TiffPage::block_bytes() const {
  return TIFFIsTiled(tiff_) ? TIFFTileSize64(tiff_) : TIFFStripSize64(tiff_);
}

std::uint64_t TiffPage::row_bytes(std::uint32_t stored_width) const {
  const std::uint64_t samples = facts_.planes_apart ? 1 : facts_.samples;
  return (stored_width * samples * facts_.type.bits + 7) / 8;
}

// Blocks come one by one: a hostile file may announce a hundred million of them.
template <class Visit>
bool TiffPage::each_block(Visit visit) {
  const bool tiled = TIFFIsTiled(tiff_) != 0;
  std::uint32_t across = facts_.width;
  std::uint32_t down = field<std::uint32_t>(tiff_, TIFFTAG_ROWSPERSTRIP, facts_.height);
  if (tiled) {
    across = field<std::uint32_t>(tiff_, TIFFTAG_TILEWIDTH, 0);
    down = field<std::uint32_t>(tiff_, TIFFTAG_TILELENGTH, 0);
  } else {
    down = std::min(down, facts_.height);
  }
  if (across == 0 || down == 0) return false;
  const std::uint32_t planes = facts_.planes_apart ? facts_.samples : 1;
  Block block;
  block.stored_width = across;
  block.apart = (tiled ? TIFFNumberOfTiles(tiff_) : TIFFNumberOfStrips(tiff_)) / planes;
  buffers_.resize(planes);
  for (std::uint64_t y = 0; y < facts_.height; y += down) {
    for (std::uint64_t x = 0; x < facts_.width; x += across, ++block.number) {
      block.x = static_cast<std::uint32_t>(x);
      block.y = static_cast<std::uint32_t>(y);
      block.width = std::min(across, facts_.width - block.x);
      block.height = std::min(down, facts_.height - block.y);
      if (!read(block) || !visit(block)) return false;
    }
  }
  return true;
}

bool TiffPage::read(const Block& block) {
  for (std::size_t p = 0; p < buffers_.size(); ++p) {
    auto& buffer = buffers_[p];
    buffer.resize(static_cast<std::size_t>(block_bytes()));
    const auto size = static_cast<tmsize_t>(buffer.size());
    last_block_ = block.number + static_cast<std::uint32_t>(p) * block.apart;
    const tmsize_t got = TIFFIsTiled(tiff_)
                             ? TIFFReadEncodedTile(tiff_, last_block_, buffer.data(), size)
                             : TIFFReadEncodedStrip(tiff_, last_block_, buffer.data(), size);
    if (got < 0) return false;
  }
  if (row_bytes(block.stored_width) * block.height <= buffers_[0].size()) return true;
  ear_.complaints.add("a strip or tile is smaller than its rows");
  return false;
}

void TiffPage::lay_out(const Block& block, Layer& layer) {
  const std::uint64_t stride = row_bytes(block.stored_width);
  std::vector<const std::uint8_t*> planes(buffers_.size());
  for (std::uint32_t row = 0; row < block.height; ++row) {
    for (std::size_t p = 0; p < planes.size(); ++p) planes[p] = buffers_[p].data() + row * stride;
    layer.put(planes, block.stored_width, block.x, block.y + row, block.width);
  }
}

// Real numbers mean 0 to 1, or 0 to 255, or anything: then the extremes are stretched.
bool TiffPage::measure_range(SampleRange& range) {
  SampleRange seen;
  const std::uint32_t samples = facts_.planes_apart ? 1 : facts_.samples;
  const bool whole = each_block([&](const Block& block) {
    const std::uint64_t stride = row_bytes(block.stored_width);
    for (const auto& buffer : buffers_) {
      for (std::uint32_t row = 0; row < block.height; ++row) {
        widen(facts_.type, buffer.data() + row * stride, std::size_t{block.width} * samples, seen);
      }
    }
    return true;
  });
  range = seen.low >= 0 && seen.high > 1 && seen.high <= 255 ? SampleRange{0, 255} : seen;
  return whole;
}

bool TiffPage::decode_blocks(PageImage& page) {
  if (facts_.photometric == PHOTOMETRIC_YCBCR) {  // libjpeg converts faster than we could
    TIFFSetField(tiff_, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    facts_.photometric = PHOTOMETRIC_RGB;
  }
  page.pixels = white_raster(facts_.width, facts_.height, facts_.grey() ? 1 : 3);
  page.bits_per_pixel = !facts_.grey() ? 24 : facts_.type.bits == 1 ? 1 : 8;
  Layer layer(facts_, page.pixels);
  if (facts_.indexed() && !layer.take_palette(tiff_)) return false;
  if (block_bytes() == 0 || block_bytes() > kBlockBytesMax) return false;
  SampleRange range;
  if (facts_.type.real && !measure_range(range)) return false;
  layer.set_range(range);
  return each_block([&](const Block& block) {
    lay_out(block, layer);
    ++blocks_done_;
    return true;
  });
}

bool TiffPage::decode_rgba(PageImage& page) {
  char reason[1024] = "";
  TIFFRGBAImage image;
  if (TIFFRGBAImageBegin(&image, tiff_, 1, reason) == 0) {
    ear_.complaints.add(reason);
    unsupported_ = true;
    return false;
  }
  const std::unique_ptr<TIFFRGBAImage, void (*)(TIFFRGBAImage*)> end(&image, TIFFRGBAImageEnd);
  image.req_orientation = image.orientation;  // rows as stored: we turn the page ourselves
  std::vector<std::uint32_t> raster(std::size_t{facts_.width} * facts_.height);
  if (TIFFRGBAImageGet(&image, raster.data(), facts_.width, facts_.height) == 0) return false;
  const bool grey = facts_.samples == 1 && facts_.compression != COMPRESSION_OJPEG;
  page.pixels = white_raster(facts_.width, facts_.height, grey ? 1 : 3);
  page.bits_per_pixel = grey ? 8 : 24;
  std::uint8_t* out = page.pixels.bytes.data();
  for (const std::uint32_t pixel : raster) {
    if (!grey) *out++ = static_cast<std::uint8_t>(TIFFGetB(pixel));
    *out++ = static_cast<std::uint8_t>(TIFFGetG(pixel));
    if (!grey) *out++ = static_cast<std::uint8_t>(TIFFGetR(pixel));
  }
  return true;
}

PageFault TiffPage::fault() const {
  FaultReason reason = FaultReason::damaged;
  const std::string detail = ear_.complaints.last("libtiff gave up");
  const std::uint64_t start = TIFFGetStrileOffset(tiff_, last_block_);
  const std::uint64_t count = TIFFGetStrileByteCount(tiff_, last_block_);
  if (start > bytes_.size() || count > bytes_.size() - start) reason = FaultReason::truncated;
  if (unsupported_) reason = FaultReason::unsupported;
  if (detail.find("memory") != std::string::npos) reason = FaultReason::decoder_memory;
  return {Stage::decode, reason, detail};
}

DecodedPage TiffPage::decode() {
  if (auto bad = check()) return Failure{*std::move(bad)};
  PageImage page;
  const int errors_before = ear_.errors;
  const bool whole = needs_rgba() ? decode_rgba(page) : decode_blocks(page);
  if (!whole && blocks_done_ == 0) return Failure{fault()};
  if (!whole) {
    ear_.complaints.add_partial("stopped at strip or tile " + std::to_string(last_block_));
  } else if (ear_.errors > errors_before) {
    ear_.complaints.add_partial("some rows could not be decoded");
  }
  set_resolution(tiff_, page);
  turn_upright(page, facts_.orientation);
  return page;
}

}  // namespace

DecodedPage decode_tiff_page(tiff* file, Bytes bytes, const DecodeLimits& limits, TiffEar& ear) {
  return TiffPage(file, bytes, limits, ear).decode();
}

}  // namespace archive
