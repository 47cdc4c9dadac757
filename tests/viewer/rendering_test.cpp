#include "viewer/iiif/rendering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace archive {
namespace {

/// A slope in both directions: every place tells by its value where it is.
Pixels slope(int width, int height, int channels) {
  Pixels made{width, height, channels, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        made.bytes.push_back(static_cast<std::uint8_t>((x * 200 / width + c * 20 +
                                                        y * 20 / height) % 256));
      }
    }
  }
  return made;
}

ImageRequest request(const char* region, const char* size, const char* rotation, const char* file,
                     const Pixels& picture) {
  return *parse_image_request(region, size, rotation, file, picture.width, picture.height).request;
}

TEST(Rendering, AWholePictureIsItself) {
  const Pixels picture = slope(301, 203, 3);
  const Pixels out = rendered(pyramid_of(picture), request("full", "max", "0", "default.jpg", picture));
  EXPECT_EQ(out.bytes, picture.bytes);
}

// The tiles that a deep-zoom client asks for, put together, are the picture at that scale.
TEST(Rendering, TilesMeet) {
  const Pixels picture = slope(1300, 900, 1);
  const PicturePyramid pyramid = pyramid_of(picture);
  for (const int factor : {1, 2, 4}) {
    const int width = (picture.width + factor - 1) / factor;
    const int height = (picture.height + factor - 1) / factor;
    const Pixels whole = rendered(
        pyramid, request("full", (std::to_string(width) + "," + std::to_string(height)).c_str(),
                         "0", "default.jpg", picture));
    for (int y = 0; y < picture.height; y += 512 * factor) {
      for (int x = 0; x < picture.width; x += 512 * factor) {
        const int w = std::min(512 * factor, picture.width - x);
        const int h = std::min(512 * factor, picture.height - y);
        const std::string region = std::to_string(x) + "," + std::to_string(y) + "," +
                                   std::to_string(w) + "," + std::to_string(h);
        const std::string size = std::to_string((w + factor - 1) / factor) + "," +
                                 std::to_string((h + factor - 1) / factor);
        const Pixels tile =
            rendered(pyramid, request(region.c_str(), size.c_str(), "0", "default.jpg", picture));
        for (int row = 0; row < tile.height; ++row) {
          ASSERT_TRUE(std::equal(tile.row(row), tile.row(row) + tile.width,
                                 whole.row(y / factor + row) + x / factor))
              << region << " " << row;
        }
      }
    }
  }
}

TEST(Rendering, ScalesToAnySizeWithoutShifting) {
  const Pixels picture = slope(1000, 500, 1);
  const Pixels out =
      rendered(pyramid_of(picture), request("full", "333,167", "0", "default.jpg", picture));
  for (int x = 0; x < out.width; ++x) {
    const int there = picture.row(250)[static_cast<int>((x + 0.5) * 1000 / 333)];
    EXPECT_LE(std::abs(out.row(83)[x] - there), 3) << x;
  }
}

TEST(Rendering, TurnsAndMirrors) {
  Pixels picture{2, 2, 1, {10, 20, 30, 40}};
  const PicturePyramid pyramid = pyramid_of(picture);
  const auto turned = [&](const char* rotation) {
    return rendered(pyramid, request("full", "max", rotation, "default.png", picture)).bytes;
  };
  using Bytes = std::vector<std::uint8_t>;
  EXPECT_EQ(turned("90"), (Bytes{30, 10, 40, 20})) << "clockwise";
  EXPECT_EQ(turned("180"), (Bytes{40, 30, 20, 10}));
  EXPECT_EQ(turned("270"), (Bytes{20, 40, 10, 30}));
  EXPECT_EQ(turned("!0"), (Bytes{20, 10, 40, 30}));
  EXPECT_EQ(turned("!90"), (Bytes{40, 20, 30, 10})) << "mirrored first, then turned";
}

TEST(Rendering, GreyAndBitonal) {
  const Pixels picture{2, 1, 3, {0, 0, 255, 255, 255, 255}};  // red and white, as BGR
  const PicturePyramid pyramid = pyramid_of(picture);
  EXPECT_EQ(rendered(pyramid, request("full", "max", "0", "gray.png", picture)).bytes,
            (std::vector<std::uint8_t>{76, 255}));
  EXPECT_EQ(rendered(pyramid, request("full", "max", "0", "bitonal.png", picture)).bytes,
            (std::vector<std::uint8_t>{0, 255}));
}

TEST(Encoding, WritesTheFormatThatWasAskedFor) {
  for (const int channels : {1, 3}) {
    const Pixels picture = slope(70, 50, channels);
    EXPECT_EQ(encoded(picture, ImageRequest::Format::jpg).substr(0, 3), "\xff\xd8\xff");
    EXPECT_EQ(encoded(picture, ImageRequest::Format::png).substr(1, 3), "PNG");
    EXPECT_EQ(encoded(picture, ImageRequest::Format::webp).substr(8, 4), "WEBP");
  }
}

}  // namespace
}  // namespace archive
