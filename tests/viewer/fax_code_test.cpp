#include "viewer/fax_code.h"

#include <gtest/gtest.h>
#include <tiffio.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace archive {
namespace {

namespace fs = std::filesystem;

/// What libtiff makes of the code, as a strip of a TIFF file.
class DecodedByLibtiff {
 public:
  static Pixels pixels(const std::string& code, int width, int height) {
    const fs::path file =
        fs::temp_directory_path() / ("juanzong-fax-" + std::to_string(::getpid()) + ".tif");
    write(file, code, width, height);
    Pixels read = read_back(file, width, height);
    fs::remove(file);
    return read;
  }

 private:
  static void write(const fs::path& file, const std::string& code, int width, int height) {
    TIFF* out = TIFFOpen(file.c_str(), "w");
    TIFFSetField(out, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(out, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, 1);
    TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, height);
    TIFFSetField(out, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
    TIFFSetField(out, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
    std::string bytes = code;
    TIFFWriteRawStrip(out, 0, bytes.data(), static_cast<tmsize_t>(bytes.size()));
    TIFFClose(out);
  }

  static Pixels read_back(const fs::path& file, int width, int height) {
    TIFF* in = TIFFOpen(file.c_str(), "r");
    Pixels read{width, height, 1, {}};
    read.bytes.resize(read.stride() * static_cast<std::size_t>(height));
    std::vector<std::uint8_t> row(static_cast<std::size_t>(TIFFScanlineSize(in)));
    for (int y = 0; y < height; ++y) {
      if (TIFFReadScanline(in, row.data(), static_cast<std::uint32_t>(y)) != 1) break;
      for (int x = 0; x < width; ++x) {
        const bool black = row[static_cast<std::size_t>(x / 8)] >> (7 - x % 8) & 1;
        read.row(y)[x] = black ? 0 : 255;
      }
    }
    TIFFClose(in);
    return read;
  }
};

Pixels blank(int width, int height) {
  return {width, height, 1,
          std::vector<std::uint8_t>(
              static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 255)};
}

void expect_same_after_decoding(const Pixels& pixels) {
  const std::string code = group4(pixels);
  const Pixels decoded = DecodedByLibtiff::pixels(code, pixels.width, pixels.height);
  EXPECT_TRUE(decoded.bytes == pixels.bytes) << pixels.width << " x " << pixels.height;
}

TEST(FaxCode, EveryRunOfEitherColourIsRight) {
  // One run of each length a row, with rows of white between, so that it is coded as a run.
  constexpr int kWidth = 5300;
  Pixels black = blank(kWidth, 2 * kWidth / 8);
  for (int i = 0; i < kWidth / 8; ++i) {
    // Steps of seven pass all lengths below 64 and all longer codes.
    const int length = i < 64 ? i : std::min(kWidth - 5, 7 * i);
    std::fill_n(black.row(2 * i) + 4, length, std::uint8_t{0});
  }
  expect_same_after_decoding(black);
  for (std::uint8_t& value : black.bytes) value = static_cast<std::uint8_t>(255 - value);
  expect_same_after_decoding(black);
}

TEST(FaxCode, AnyPictureIsRight) {
  std::uint32_t state = 12345;
  const auto next = [&state] { return state = state * 1664525 + 1013904223; };
  for (const int width : {1, 2, 7, 8, 9, 63, 64, 65, 200, 2561}) {
    for (const unsigned share : {1U, 8U, 15U}) {
      Pixels noise = blank(width, 40);
      for (std::uint8_t& value : noise.bytes) value = (next() >> 24) % 16 < share ? 0 : 255;
      expect_same_after_decoding(noise);
    }
  }
}

TEST(FaxCode, EdgesThatMoveLittleAndMuchAreRight) {
  Pixels slope = blank(300, 120);
  for (int y = 0; y < slope.height; ++y) {
    for (int x = 0; x < slope.width; ++x) {
      const bool wedge = x > 20 + y / 3 && x < 60 + 2 * y;
      const bool jumping = x > 200 + (y % 9) && x < 230 + 4 * (y % 5);
      slope.row(y)[x] = wedge || jumping ? 0 : 255;
    }
  }
  expect_same_after_decoding(slope);
}

TEST(FaxCode, WhiteAndBlackAreAFewBytes) {
  EXPECT_LT(group4(blank(2480, 3508)).size(), 500u);
  Pixels black = blank(100, 100);
  std::ranges::fill(black.bytes, std::uint8_t{0});
  expect_same_after_decoding(black);
}

TEST(FaxCode, OnlyBlackAndWhiteAreBilevel) {
  Pixels pixels = blank(8, 8);
  pixels.bytes[3] = 0;
  EXPECT_TRUE(is_bilevel(pixels));
  pixels.bytes[5] = 254;
  EXPECT_FALSE(is_bilevel(pixels));
  EXPECT_FALSE(is_bilevel({1, 1, 3, {0, 0, 0}}));
}

}  // namespace
}  // namespace archive
