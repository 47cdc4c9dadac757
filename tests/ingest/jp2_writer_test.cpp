#include "ingest/conversion/jp2_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

#include "ingest/sources/source_reader.h"

namespace archive {
namespace {

struct Picture {
  const char* name;
  int width, height, channels, bits;
  double dpi_x, dpi_y;
};
class Jp2Writer : public testing::TestWithParam<Picture> {};

PageImage drawn(const Picture& picture) {
  PageImage page;
  page.pixels = {picture.width, picture.height, picture.channels, {}};
  std::mt19937 chance(7);
  const auto count = static_cast<std::size_t>(picture.width) *
                     static_cast<std::size_t>(picture.height * picture.channels);
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<std::uint8_t>(chance());
    page.pixels.bytes.push_back(picture.bits == 1 ? (value < 128 ? 0 : 255) : value);
  }
  page.bits_per_pixel = picture.bits;
  page.dpi_x = picture.dpi_x;
  page.dpi_y = picture.dpi_y;
  return page;
}

// Noise: nothing that a lossy path would give back.
TEST_P(Jp2Writer, EveryPixelComesBack) {
  const PageImage page = drawn(GetParam());
  const std::string file = jp2_of(page);
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(file.data()), file.size());
  const auto back = decode_jp2(bytes, {.pixels_max = 1'000'000, .pages_max = 1});
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(back->pixels.width, page.pixels.width);
  EXPECT_EQ(back->pixels.height, page.pixels.height);
  EXPECT_EQ(back->pixels.channels, page.pixels.channels);
  EXPECT_EQ(back->pixels.bytes, page.pixels.bytes);
  EXPECT_EQ(back->bits_per_pixel, page.bits_per_pixel);
  EXPECT_NEAR(back->dpi_x, page.dpi_x, 0.05);
  EXPECT_NEAR(back->dpi_y, page.dpi_y, 0.05);
  EXPECT_TRUE(back->warnings.empty());
}
INSTANTIATE_TEST_SUITE_P(All, Jp2Writer,
                         testing::Values(Picture{"grey", 300, 200, 1, 8, 300, 300},
                                         Picture{"colour", 301, 199, 3, 24, 300, 200},
                                         Picture{"bilevel", 257, 130, 1, 1, 200, 200},
                                         Picture{"without a resolution", 64, 64, 1, 8, 0, 0},
                                         Picture{"two thousand dpi", 64, 64, 1, 8, 2400, 2400},
                                         Picture{"a dot", 1, 1, 3, 24, 300, 300},
                                         Picture{"a line", 500, 1, 1, 8, 300, 300}),
                         [](const auto& row) {
                           std::string name = row.param.name;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

}  // namespace
}  // namespace archive
