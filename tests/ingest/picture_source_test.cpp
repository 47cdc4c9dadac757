#include <gtest/gtest.h>
#include <png.h>

#include <cstring>
#include <string>
#include <vector>

#include "ingest/sources/raster.h"
#include "tests/ingest/source_checks.h"

// JPEG, PNG, BMP and JPEG 2000: one picture a file.

namespace archive {
namespace {

Colour grey_pixel(int x, int y) { return as_grey(grey_at(x, y)); }
Colour bilevel_pixel(int x, int y) { return as_grey(black_white_at(x, y)); }
Colour palette_pixel(int x, int y) {
  const std::uint8_t index = grey_at(x, y);
  return {index, static_cast<std::uint8_t>(255 - index), static_cast<std::uint8_t>(index / 2)};
}

// ---- JPEG

TEST(Jpeg, OfEveryColourModel) {
  constexpr int kLossy = 10;
  const DecodedPage grey = decode_jpeg(jpeg_file(JpegColours::grey), usual_limits());
  expect_picture(grey, grey_pixel, kLossy);
  EXPECT_EQ(grey->pixels.channels, 1);
  EXPECT_EQ(grey->bits_per_pixel, 8);
  for (const JpegColours colours : {JpegColours::rgb, JpegColours::cmyk, JpegColours::ycck}) {
    const DecodedPage page = decode_jpeg(jpeg_file(colours), usual_limits());
    expect_picture(page, colour_at, kLossy);
    EXPECT_EQ(page->pixels.channels, 3);
    EXPECT_EQ(page->bits_per_pixel, 24);
  }
}

TEST(Jpeg, LiesAsItsExifSays) {
  const FileBytes upright = jpeg_file(JpegColours::grey);
  const Pixels stored = decode_jpeg(upright, usual_limits())->pixels;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const FileBytes file = jpeg_file(JpegColours::grey, orientation);
    const DecodedPage page = decode_jpeg(file, usual_limits());
    ASSERT_TRUE(page);
    const Pixels expected = turned(stored, orientation);
    EXPECT_EQ(page->pixels.width, expected.width) << orientation;
    EXPECT_TRUE(page->pixels.bytes == expected.bytes) << orientation;
  }
  const DecodedPage nonsense = decode_jpeg(jpeg_file(JpegColours::grey, 77), usual_limits());
  EXPECT_TRUE(nonsense->pixels.bytes == stored.bytes);
}

TEST(Jpeg, InsideAPdfListensToThePdfAlone) {
  const FileBytes file = jpeg_file(JpegColours::cmyk);
  expect_picture(decode_embedded_jpeg(file, usual_limits(), true), colour_at, 10);
  const FileBytes turned_by_exif = jpeg_file(JpegColours::grey, 6);
  expect_picture(decode_embedded_jpeg(turned_by_exif, usual_limits(), false), grey_pixel, 10);
  const auto negative = [](int x, int y) {
    return as_grey(static_cast<std::uint8_t>(255 - grey_at(x, y)));
  };
  expect_picture(decode_embedded_jpeg(turned_by_exif, usual_limits(), true), negative, 10);
}

TEST(Jpeg, KnowsItsResolution) {
  EXPECT_EQ(decode_jpeg(jpeg_file(JpegColours::grey, 0, 240), usual_limits())->dpi_x, 240);
  EXPECT_EQ(decode_jpeg(jpeg_file(JpegColours::grey), usual_limits())->dpi_x, 0);
}

TEST(Jpeg, CutInTheMiddleIsAPartOfAPage) {
  const FileBytes whole = jpeg_file(JpegColours::rgb);
  const FileBytes cut(whole.begin(), whole.end() - 400);
  const DecodedPage page = decode_jpeg(cut, usual_limits());
  ASSERT_TRUE(page);
  EXPECT_TRUE(is_partial(*page));
  const auto header = decode_jpeg(Bytes(whole).first(20), usual_limits());
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().reason, FaultReason::truncated);
}

// ---- PNG

struct PngCase {
  PngForm form;
  int channels;
  int bits_per_pixel;
  Colour (*pixel)(int x, int y);
  int tolerance = 0;
};
class PngTest : public testing::TestWithParam<PngCase> {};

TEST_P(PngTest, IsReadPixelByPixel) {
  const PngCase& row = GetParam();
  const DecodedPage page = decode_png(png_file(row.form), usual_limits());
  const auto expected = [&row](int x, int y) {
    return over_paper(row.pixel(x, y), row.form.alpha);
  };
  expect_picture(page, expected, row.tolerance);
  EXPECT_EQ(page->pixels.channels, row.channels);
  EXPECT_EQ(page->bits_per_pixel, row.bits_per_pixel);
  EXPECT_NEAR(page->dpi_x, 300, 0.01);
  EXPECT_NEAR(page->dpi_y, 200, 0.01);
}

constexpr int kGrey = PNG_COLOR_TYPE_GRAY;
constexpr int kGreyAlpha = PNG_COLOR_TYPE_GRAY_ALPHA;
constexpr int kRgb = PNG_COLOR_TYPE_RGB;
constexpr int kRgba = PNG_COLOR_TYPE_RGB_ALPHA;
INSTANTIATE_TEST_SUITE_P(
    Each, PngTest,
    testing::Values(PngCase{{"bilevel", 1, kGrey}, 1, 1, bilevel_pixel},
                    PngCase{{"grey_4", 4, kGrey}, 1, 8, grey_pixel, 17},
                    PngCase{{"grey", 8, kGrey}, 1, 8, grey_pixel},
                    PngCase{{"grey_16", 16, kGrey}, 1, 8, grey_pixel},
                    PngCase{{"grey_alpha", 8, kGreyAlpha, false, 90}, 1, 8, grey_pixel, 1},
                    PngCase{{"rgb", 8, kRgb}, 3, 24, colour_at},
                    PngCase{{"rgb_16", 16, kRgb}, 3, 24, colour_at},
                    PngCase{{"rgba", 8, kRgba, false, 128}, 3, 24, colour_at, 1},
                    PngCase{{"rgba_16", 16, kRgba, false, 128}, 3, 24, colour_at, 1},
                    PngCase{{"rgba_invisible", 8, kRgba, false, 0}, 3, 24, colour_at},
                    PngCase{{"palette", 8, PNG_COLOR_TYPE_PALETTE}, 3, 24, palette_pixel},
                    PngCase{{"interlaced", 8, kRgb, true}, 3, 24, colour_at},
                    PngCase{{"interlaced_bilevel", 1, kGrey, true}, 1, 1, bilevel_pixel}),
    [](const auto& row) { return row.param.form.name; });

TEST(Png, LiesAsItsExifSays) {
  const Pixels stored = decode_png(png_file({"grey", 8, kGrey}), usual_limits())->pixels;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const PngForm form{"grey", 8, kGrey, false, 255, orientation};
    const DecodedPage page = decode_png(png_file(form), usual_limits());
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->pixels.bytes == turned(stored, orientation).bytes) << orientation;
    EXPECT_EQ(page->pixels.width, orientation >= 5 ? kHeight : kWidth) << orientation;
  }
}

TEST(Png, CutInTheMiddleIsTruncatedOrAPart) {
  const FileBytes whole = png_file({"rgb", 8, kRgb});
  const DecodedPage header = decode_png(Bytes(whole).first(30), usual_limits());
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().reason, FaultReason::truncated);
  FileBytes changed = whole;
  changed[changed.size() / 2] ^= 0x55;
  const DecodedPage page = decode_png(changed, usual_limits());
  if (page) {
    EXPECT_FALSE(page->warnings.empty());
  } else {
    EXPECT_EQ(page.error().reason, FaultReason::damaged);
  }
}

// ---- BMP

TEST(Bmp, OfEveryDepthAndDirection) {
  for (const bool top_down : {false, true}) {
    for (const int bits : {1, 4, 8, 24, 32}) {
      const DecodedPage page = decode_bmp(bmp_file(bits, top_down), usual_limits());
      const Expected expected = bits == 1 ? bilevel_pixel : bits <= 8 ? grey_pixel : colour_at;
      expect_picture(page, expected, bits == 4 ? 17 : 0);
      EXPECT_EQ(page->bits_per_pixel, bits == 1 ? 1 : bits <= 8 ? 8 : 24) << bits;
      EXPECT_NEAR(page->dpi_x, 300, 0.01);
      EXPECT_NEAR(page->dpi_y, 200, 0.01);
    }
  }
}

TEST(Bmp, SaysWhatIsWrong) {
  FileBytes file = bmp_file(24, false);
  EXPECT_EQ(decode_bmp(Bytes(file).first(20), usual_limits()).error().reason,
            FaultReason::truncated);
  EXPECT_EQ(decode_bmp(Bytes(file).first(54), usual_limits()).error().reason,
            FaultReason::truncated);
  file.resize(file.size() / 2);
  EXPECT_TRUE(is_partial(*decode_bmp(file, usual_limits())));
  file[14] = 41;
  EXPECT_EQ(decode_bmp(file, usual_limits()).error().reason, FaultReason::unsupported);
}

// ---- JPEG 2000

TEST(Jpeg2000, OfEveryDepth) {
  for (const bool codestream : {false, true}) {
    for (const int bits : {8, 12, 16}) {
      const DecodedPage grey = decode_jp2(jp2_file(bits, 1, codestream), usual_limits());
      expect_picture(grey, grey_pixel, 1);
      EXPECT_EQ(grey->pixels.channels, 1);
      const DecodedPage colour = decode_jp2(jp2_file(bits, 3, codestream), usual_limits());
      expect_picture(colour, colour_at, 1);
      EXPECT_EQ(colour->pixels.channels, 3);
    }
  }
}

TEST(Jpeg2000, CutIsAPartOrAFault) {
  const FileBytes whole = jp2_file(8, 3);
  EXPECT_FALSE(decode_jp2(Bytes(whole).first(40), usual_limits()));
  const DecodedPage page = decode_jp2(Bytes(whole).first(whole.size() - 300), usual_limits());
  if (page) {
    EXPECT_TRUE(is_partial(*page));
  } else {
    EXPECT_EQ(page.error().reason, FaultReason::damaged);
  }
}

// ---- all of them

struct Maker {
  const char* name;
  FileBytes file;
  DecodedPage (*decode)(Bytes, const DecodeLimits&);
};

std::vector<Maker> makers() {
  return {{"jpeg", jpeg_file(JpegColours::rgb), decode_jpeg},
          {"png", png_file({"rgb", 8, kRgb}), decode_png},
          {"png_interlaced", png_file({"rgb", 8, kRgb, true}), decode_png},
          {"bmp", bmp_file(8, false), decode_bmp},
          {"jp2", jp2_file(8, 3), decode_jp2}};
}

TEST(Pictures, WithTooManyPixelsAreRefused) {
  DecodeLimits limits = usual_limits();
  limits.pixels_max = kWidth * kHeight - 1;
  for (const Maker& maker : makers()) {
    const DecodedPage page = maker.decode(maker.file, limits);
    ASSERT_FALSE(page) << maker.name;
    EXPECT_EQ(page.error().reason, FaultReason::too_many_pixels) << maker.name;
    limits.pixels_max = kWidth * kHeight;
    EXPECT_TRUE(maker.decode(maker.file, limits)) << maker.name;
    --limits.pixels_max;
  }
}

TEST(Pictures, CutOrChangedAnywhereAreAnAnswer) {
  for (const Maker& maker : makers()) {
    for (std::size_t at = 0; at < maker.file.size(); at += maker.file.size() / 61 + 1) {
      const DecodedPage cut = maker.decode(Bytes(maker.file).first(at), usual_limits());
      EXPECT_TRUE(cut || !cut.error().detail.empty()) << maker.name << " cut at " << at;
      FileBytes changed = maker.file;
      changed[at] ^= 0xFF;
      const DecodedPage page = maker.decode(changed, usual_limits());
      EXPECT_TRUE(page || !page.error().detail.empty()) << maker.name << " changed at " << at;
    }
  }
}

TEST(Inks, MixAsOnPaper) {
  const std::vector<std::pair<std::array<std::uint8_t, 4>, std::array<std::uint8_t, 3>>> table = {
      {{0, 0, 0, 0}, {255, 255, 255}}, {{0, 0, 0, 255}, {0, 0, 0}},
      {{255, 0, 0, 0}, {255, 255, 0}}, {{0, 255, 0, 0}, {255, 0, 255}},
      {{0, 0, 255, 0}, {0, 255, 255}}, {{0, 0, 0, 128}, {127, 127, 127}},
      {{255, 255, 255, 0}, {0, 0, 0}},
  };
  for (const auto& [cmyk, bgr] : table) {
    std::array<std::uint8_t, 3> out{};
    bgr_from_cmyk(cmyk.data(), 1, out.data());
    EXPECT_EQ(out, bgr);
  }
}

}  // namespace
}  // namespace archive
