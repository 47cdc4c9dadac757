// What a PDF page is made of, and the image itself when it is made of one.
//
// A scanned page must come out with the pixels the scanner delivered: drawing it at some
// resolution would resample them. Poppler's public interfaces do not hand out an image
// with its place, so this file listens to its content interpreter as an output device.
// This, pdf_reader.cpp and pdf_actions.cpp are the only files that include Poppler.

#include "ingest/sources/pdf_content.h"

#include <Gfx.h>
#include <GfxFont.h>
#include <GfxState.h>
#include <OutputDev.h>
#include <PDFDoc.h>
#include <Stream.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "ingest/sources/complaints.h"
#include "ingest/sources/raster.h"
#include "ingest/sources/samples.h"

namespace archive {
namespace {

constexpr double kPointsPerInch = 72;
constexpr int kPixelsMin = 16;  // a smaller image is a dot or a background colour
constexpr double kVisibleShareMin = 0.9;
constexpr double kSlantMax = 0.001;   // sine of the angle that still counts as upright
constexpr double kLargeShare = 0.25;  // of the page: an image that matters
constexpr int kGreySpanMax = gfxColorComp1 / 50;
constexpr int kInvisible = 3;  // text rendering mode, ISO 32000-1 table 106

// How an image lies on the page: the map of its unit square, y down, in points.
struct Placement {
  double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;

  explicit Placement(const double* ctm)
      : a(ctm[0]), b(ctm[1]), c(ctm[2]), d(ctm[3]), e(ctm[4]), f(ctm[5]) {}

  double across_points() const { return std::hypot(a, b); }
  double down_points() const { return std::hypot(c, d); }

  /// The orientation number of turn_upright(); nothing when the image lies aslant.
  std::optional<int> orientation() const {
    const auto small = [](double value, double against) {
      return std::abs(value) <= kSlantMax * std::abs(against);
    };
    // The image's rows run along (a, b) and its columns downwards along (-c, -d).
    if (small(b, a) && small(c, d) && a != 0 && d != 0) {
      return a > 0 ? (d < 0 ? 1 : 4) : (d < 0 ? 2 : 3);
    }
    if (small(a, b) && small(d, c) && b != 0 && c != 0) {
      return b > 0 ? (c > 0 ? 6 : 5) : (c > 0 ? 7 : 8);
    }
    return std::nullopt;
  }
};

// What the samples of an image mean.
enum class Meaning { grey, rgb, cmyk, table, other };

Meaning meaning_of(GfxColorSpace* space) {
  switch (space->getMode()) {
    case csDeviceGray:
    case csCalGray:
      return Meaning::grey;
    case csDeviceRGB:
    case csCalRGB:
      return Meaning::rgb;
    case csDeviceCMYK:
      return Meaning::cmyk;
    case csICCBased: {  // the numbers as they are: a profile is for screens
      const int components = space->getNComps();
      if (components == 1) return Meaning::grey;
      return components == 3 ? Meaning::rgb : Meaning::cmyk;
    }
    default:
      return space->getNComps() == 1 ? Meaning::table : Meaning::other;
  }
}

// Black ink of CMYK comes out a shade off.
bool is_grey(GfxColorSpace* space, const GfxRGB& colour) {
  if (space->getMode() == csPattern) return false;
  const auto [least, most] = std::minmax({colour.r, colour.g, colour.b});
  return most - least <= kGreySpanMax;
}

// Listens to a page.
class Watcher : public OutputDev {
 public:
  bool upsideDown() override { return true; }
  bool useDrawChar() override { return true; }
  bool interpretType3Chars() override { return false; }
  bool useShadedFills(int) override { return true; }
  bool useTilingPatternFill() override { return true; }

  void startPage(int, GfxState* state, XRef*) override {
    page_area_ = state->getPageWidth() * state->getPageHeight();
  }

  void stroke(GfxState* state) override {
    GfxRGB colour;
    state->getStrokeRGB(&colour);
    mark(state->getStrokeColorSpace(), colour);
  }
  void fill(GfxState* state) override { note_fill(state); }
  void eoFill(GfxState* state) override { note_fill(state); }
  bool tilingPatternFill(GfxState*, Gfx*, Catalog*, GfxTilingPattern*, const double*, int, int, int,
                         int, double, double) override {
    return mark_in_colour();
  }
  bool functionShadedFill(GfxState*, GfxFunctionShading*) override { return mark_in_colour(); }
  bool axialShadedFill(GfxState*, GfxAxialShading*, double, double) override {
    return mark_in_colour();
  }
  bool radialShadedFill(GfxState*, GfxRadialShading*, double, double) override {
    return mark_in_colour();
  }
  bool gouraudTriangleShadedFill(GfxState*, GfxGouraudTriangleShading*) override {
    return mark_in_colour();
  }
  bool patchMeshShadedFill(GfxState*, GfxPatchMeshShading*) override { return mark_in_colour(); }

  void drawChar(GfxState* state, double, double, double, double, double, double, CharCode, int,
                const Unicode* text, int length) override {
    const bool space = length == 1 && text != nullptr && (*text == ' ' || *text == 0xA0);
    if ((state->getRender() & 3) == kInvisible || space) return;
    visible_text_ = true;
    GfxRGB colour;
    state->getFillRGB(&colour);
    const auto font = state->getFont();
    const bool own_colours = font != nullptr && font->getType() == fontType3;
    if (own_colours || !is_grey(state->getFillColorSpace(), colour)) coloured_ = true;
  }

  void drawImageMask(GfxState* state, Object* ref, Stream* stream, int width, int height,
                     bool invert, bool interpolate, bool inline_image) override {
    note_image(state, width, height, false);
    GfxRGB colour;
    state->getFillRGB(&colour);
    if (!is_grey(state->getFillColorSpace(), colour)) coloured_ = true;
    OutputDev::drawImageMask(state, ref, stream, width, height, invert, interpolate, inline_image);
  }
  void drawImage(GfxState* state, Object* ref, Stream* stream, int width, int height,
                 GfxImageColorMap* map, bool interpolate, const int* mask_colours,
                 bool inline_image) override {
    note_image(state, width, height, mask_colours != nullptr);
    if (meaning_of(map->getColorSpace()) != Meaning::grey) coloured_ = true;
    OutputDev::drawImage(state, ref, stream, width, height, map, interpolate, mask_colours,
                         inline_image);
  }
  void drawMaskedImage(GfxState* state, Object*, Stream*, int width, int height, GfxImageColorMap*,
                       bool, Stream*, int, int, bool, bool) override {
    note_image(state, width, height, true);
    coloured_ = true;
  }
  void drawSoftMaskedImage(GfxState* state, Object*, Stream*, int width, int height,
                           GfxImageColorMap*, bool, Stream*, int, int, GfxImageColorMap*,
                           bool) override {
    note_image(state, width, height, true);
    coloured_ = true;
  }
  void setSoftMaskFromImageMask(GfxState*, Object*, Stream*, int, int, bool, bool,
                                double*) override {
    mark_in_colour();
  }
  void setSoftMask(GfxState*, const double*, bool, Function*, GfxColor*) override {
    mark_in_colour();
  }

  PdfContent content() const {
    PdfContent content;
    const bool nothing_else = !marks_ && !visible_text_;
    content.only_image = nothing_else && images_ == 1 && plain_;
    content.only_images = nothing_else && images_ > 0;
    content.visible_text = visible_text_;
    content.coloured = coloured_;
    content.image_dpi = image_dpi_;
    return content;
  }

 private:
  void note_fill(GfxState* state) {
    GfxRGB colour;
    state->getFillRGB(&colour);
    const bool white =
        colour.r == gfxColorComp1 && colour.g == gfxColorComp1 && colour.b == gfxColorComp1;
    if (!white || images_ > 0) mark(state->getFillColorSpace(), colour);
  }
  void mark(GfxColorSpace* space, const GfxRGB& colour) {
    marks_ = true;
    if (!is_grey(space, colour)) coloured_ = true;
  }
  // Or in something whose colours it would take drawing to know.
  bool mark_in_colour() { return marks_ = coloured_ = true; }

  void note_image(GfxState* state, int width, int height, bool masked);
  double visible_share(GfxState* state, const Placement& place) const;

  double page_area_ = 0;
  bool marks_ = false;
  bool visible_text_ = false;
  bool coloured_ = false;
  int images_ = 0;
  bool plain_ = false;  // the last image can be taken as it is
  double image_dpi_ = 0;
};

// The part of the image's bounding box that the page and the clip path leave.
double Watcher::visible_share(GfxState* state, const Placement& place) const {
  const auto [left, right] =
      std::minmax({place.e, place.e + place.a, place.e + place.c, place.e + place.a + place.c});
  const auto [top, bottom] =
      std::minmax({place.f, place.f + place.b, place.f + place.d, place.f + place.b + place.d});
  double clip_left = 0, clip_top = 0, clip_right = 0, clip_bottom = 0;
  state->getClipBBox(&clip_left, &clip_top, &clip_right, &clip_bottom);
  const double across =
      std::min({right, clip_right, state->getPageWidth()}) - std::max({left, clip_left, 0.0});
  const double down =
      std::min({bottom, clip_bottom, state->getPageHeight()}) - std::max({top, clip_top, 0.0});
  const double area = (right - left) * (bottom - top);
  return area > 0 && across > 0 && down > 0 ? across * down / area : 0;
}

void Watcher::note_image(GfxState* state, int width, int height, bool masked) {
  ++images_;
  const Placement place(state->getCTM());
  const double across = place.across_points();
  const double down = place.down_points();
  if (across <= 0 || down <= 0) return;
  const double dpi = kPointsPerInch * std::max(width / across, height / down);
  if (across * down >= kLargeShare * page_area_) image_dpi_ = std::max(image_dpi_, dpi);
  const bool opaque = state->getFillOpacity() >= 1 && state->getBlendMode() == gfxBlendNormal;
  plain_ = !masked && opaque && place.orientation() && width >= kPixelsMin &&
           height >= kPixelsMin && visible_share(state, place) >= kVisibleShareMin;
}

enum class Decode { plain, inverted, special };

Decode decode_of(GfxImageColorMap& map) {
  const auto all = [&](double low, double high) {
    for (int i = 0; i < map.getNumPixelComps(); ++i) {
      if (map.getDecodeLow(i) != low || map.getDecodeHigh(i) != high) return false;
    }
    return true;
  };
  if (all(0, 1)) return Decode::plain;
  return all(1, 0) ? Decode::inverted : Decode::special;
}

std::uint8_t byte_of(GfxColorComp value) { return static_cast<std::uint8_t>(colToByte(value)); }

using Bgr = std::array<std::uint8_t, 3>;

Bgr bgr_of(const GfxRGB& colour) {
  return {byte_of(colour.b), byte_of(colour.g), byte_of(colour.r)};
}

// Takes the pixels of the page's image.
class Taker : public OutputDev {
 public:
  explicit Taker(const DecodeLimits& limits) : limits_(limits) {}

  bool upsideDown() override { return true; }
  bool useDrawChar() override { return true; }
  bool interpretType3Chars() override { return false; }
  bool needNonText() override { return true; }

  void drawImage(GfxState* state, Object*, Stream* stream, int width, int height,
                 GfxImageColorMap* map, bool, const int*, bool) override {
    const Placement place(state->getCTM());
    if (auto too_much = oversize(width, height)) return refuse(*too_much);
    const Meaning meaning = meaning_of(map->getColorSpace());
    if (!take_jpeg(*stream, *map, meaning)) take_rows(*stream, width, height, *map, meaning);
    lay(place);
  }

  void drawImageMask(GfxState* state, Object*, Stream* stream, int width, int height, bool invert,
                     bool, bool) override {
    const Placement place(state->getCTM());
    if (auto too_much = oversize(width, height)) return refuse(*too_much);
    GfxRGB ink;
    state->getFillRGB(&ink);
    table_.assign(2, {255, 255, 255});
    table_[invert ? 1 : 0] = bgr_of(ink);
    take_table_rows(*stream, width, height, 1);
    lay(place);
  }

  DecodedPage result() { return std::move(result_); }

 private:
  std::optional<PageFault> oversize(int width, int height) const {
    const auto size = [](int side) { return static_cast<std::uint64_t>(std::max(side, 0)); };
    return size_fault(size(width), size(height), limits_);
  }
  void refuse(PageFault fault) { result_ = Failure{std::move(fault)}; }

  bool take_jpeg(Stream& stream, GfxImageColorMap& map, Meaning meaning);
  void take_rows(Stream& stream, int width, int height, GfxImageColorMap& map, Meaning meaning);
  void take_table_rows(Stream& stream, int width, int height, int bits);
  void take_colour_rows(Stream& stream, int width, int height, GfxImageColorMap& map,
                        Meaning meaning);
  void put_colours(GfxImageColorMap& map, Meaning meaning, const std::vector<std::uint16_t>& row,
                   std::uint8_t* out);
  template <class Row>
  void each_row(Stream& stream, int height, std::size_t row_bytes, Row row);
  void lay(const Placement& place);

  DecodeLimits limits_;
  std::vector<Bgr> table_;  // the colour of each value of a one-component image
  std::array<std::array<std::uint8_t, 256>, 4> levels_{};  // 8 bits for each value, by component
  DecodedPage result_ =
      Failure{PageFault{Stage::decode, FaultReason::unsupported, "no image on the page"}};
};

// A JPEG goes to libjpeg as it lies in the file, so that its warnings are heard too.
bool Taker::take_jpeg(Stream& stream, GfxImageColorMap& map, Meaning meaning) {
  const Decode decode = decode_of(map);
  const bool known =
      meaning == Meaning::grey || meaning == Meaning::rgb || meaning == Meaning::cmyk;
  Stream* encoded = stream.getKind() == strDCT ? stream.getNextStream() : nullptr;
  if (encoded == nullptr || decode == Decode::special || !known) return false;
  Object parameters = stream.getDict()->lookup("DecodeParms");
  if (parameters.isNull()) parameters = stream.getDict()->lookup("DP");
  if (parameters.isDict() && !parameters.dictLookup("ColorTransform").isNull()) return false;
  std::string bytes;
  encoded->fillString(bytes);
  encoded->close();
  DecodedPage page =
      decode_embedded_jpeg({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                           limits_, decode == Decode::inverted);
  if (page && ((*page).pixels.channels == 1) != (meaning == Meaning::grey)) return false;
  result_ = std::move(page);
  return true;
}

void Taker::take_rows(Stream& stream, int width, int height, GfxImageColorMap& map,
                      Meaning meaning) {
  const int bits = map.getBits();
  if (bits < 1 || bits > 16 || (bits > 8 && bits != 16)) {
    return refuse({Stage::decode, FaultReason::unsupported, "bits of an image"});
  }
  // 16 bits count by their upper byte, as everywhere in Poppler.
  const int max = bits >= 8 ? 255 : (1 << bits) - 1;
  for (int c = 0; c < std::min(map.getNumPixelComps(), 4); ++c) {
    for (int value = 0; value <= max; ++value) {
      const double low = map.getDecodeLow(c);
      const double level = low + value * (map.getDecodeHigh(c) - low) / max;
      levels_[static_cast<std::size_t>(c)][static_cast<std::size_t>(value)] =
          static_cast<std::uint8_t>(std::clamp(level, 0.0, 1.0) * 255 + 0.5);
    }
  }
  if (meaning != Meaning::grey && meaning != Meaning::table) {
    return take_colour_rows(stream, width, height, map, meaning);
  }
  table_.clear();
  for (int value = 0; value <= max; ++value) {
    if (meaning == Meaning::grey) {
      const std::uint8_t level = levels_[0][static_cast<std::size_t>(value)];
      table_.push_back({level, level, level});
      continue;
    }
    const auto sample = static_cast<unsigned char>(value);
    GfxRGB colour;
    map.getRGB(&sample, &colour);
    table_.push_back(bgr_of(colour));
  }
  take_table_rows(stream, width, height, bits);
}

template <class Row>
void Taker::each_row(Stream& stream, int height, std::size_t row_bytes, Row row) {
  std::vector<std::uint8_t> in(row_bytes);
  stream.reset();
  for (int y = 0; y < height; ++y) {
    const int got = stream.doGetChars(static_cast<int>(row_bytes), in.data());
    if (got < static_cast<int>(row_bytes)) {
      (*result_).warnings.push_back("partial: the image ends at row " + std::to_string(y) + " of " +
                                    std::to_string(height));
      break;
    }
    row(y, in.data());
  }
  stream.close();
}

void Taker::take_table_rows(Stream& stream, int width, int height, int bits) {
  const bool grey = std::ranges::all_of(
      table_, [](const Bgr& colour) { return colour[0] == colour[1] && colour[1] == colour[2]; });
  const bool black_white = table_.size() == 2 && grey && table_[0][0] + table_[1][0] == 255 &&
                           (table_[0][0] == 0 || table_[1][0] == 0);
  PageImage page;
  page.pixels = white_raster(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height),
                             grey ? 1 : 3);
  page.bits_per_pixel = black_white ? 1 : grey ? 8 : 24;
  result_ = std::move(page);
  Pixels& pixels = (*result_).pixels;
  const auto count = static_cast<std::size_t>(width);
  const std::size_t row_bytes = (count * static_cast<std::size_t>(bits) + 7) / 8;
  std::vector<std::uint16_t> values(count);
  each_row(stream, height, row_bytes, [&](int y, const std::uint8_t* in) {
    std::uint8_t* out = pixels.row(y);
    if (black_white) return grey_from_bits(in, count, table_[0][0] == 0, out);
    if (bits == 16) {
      for (std::size_t x = 0; x < count; ++x) values[x] = in[2 * x];
    } else {
      unpack_indices(static_cast<unsigned>(bits), in, count, values.data());
    }
    for (const std::uint16_t value : values) {
      const Bgr& colour = table_[value];
      out = std::copy_n(colour.begin(), grey ? 1 : 3, out);
    }
  });
}

void Taker::put_colours(GfxImageColorMap& map, Meaning meaning,
                        const std::vector<std::uint16_t>& row, std::uint8_t* out) {
  const auto components = static_cast<std::size_t>(map.getNumPixelComps());
  std::array<unsigned char, gfxColorMaxComps> sample{};
  for (std::size_t at = 0; at < row.size(); at += components, out += 3) {
    if (meaning == Meaning::other) {
      for (std::size_t c = 0; c < components; ++c) {
        sample[c] = static_cast<unsigned char>(row[at + c]);
      }
      GfxRGB colour;
      map.getRGB(sample.data(), &colour);
      std::ranges::copy(bgr_of(colour), out);
      continue;
    }
    std::array<std::uint8_t, 4> level{};
    for (std::size_t c = 0; c < components; ++c) level[c] = levels_[c][row[at + c]];
    if (meaning == Meaning::cmyk) {
      bgr_from_cmyk(level.data(), 1, out);
    } else {
      std::reverse_copy(level.begin(), level.begin() + 3, out);
    }
  }
}

void Taker::take_colour_rows(Stream& stream, int width, int height, GfxImageColorMap& map,
                             Meaning meaning) {
  PageImage page;
  page.pixels =
      white_raster(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), 3);
  page.bits_per_pixel = 24;
  result_ = std::move(page);
  Pixels& pixels = (*result_).pixels;
  const auto bits = static_cast<std::size_t>(map.getBits());
  const auto count =
      static_cast<std::size_t>(width) * static_cast<std::size_t>(map.getNumPixelComps());
  std::vector<std::uint16_t> values(count);
  each_row(stream, height, (count * bits + 7) / 8, [&](int y, const std::uint8_t* in) {
    if (bits == 16) {
      for (std::size_t i = 0; i < count; ++i) values[i] = in[2 * i];
    } else {
      unpack_indices(static_cast<unsigned>(bits), in, count, values.data());
    }
    put_colours(map, meaning, values, pixels.row(y));
  });
}

void Taker::lay(const Placement& place) {
  if (!result_) return;
  PageImage& page = *result_;
  page.dpi_x = page.pixels.width / place.across_points() * kPointsPerInch;
  page.dpi_y = page.pixels.height / place.down_points() * kPointsPerInch;
  turn_upright(page, place.orientation().value_or(1));
}

void run_through(PDFDoc& document, int page, OutputDev& device) {
  const bool use_media_box = false;
  const bool crop = true;
  const bool printing = false;
  document.displayPage(&device, page, kPointsPerInch, kPointsPerInch, 0, use_media_box, crop,
                       printing);
}

}  // namespace

PdfContent look_at_page(PDFDoc& document, int page) {
  Watcher watcher;
  run_through(document, page, watcher);
  return watcher.content();
}

DecodedPage take_only_image(PDFDoc& document, int page, const DecodeLimits& limits) {
  Taker taker(limits);
  run_through(document, page, taker);
  return taker.result();
}

}  // namespace archive
