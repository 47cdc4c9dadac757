#include <gtest/gtest.h>
#include <tiff.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/ingest/source_checks.h"

namespace archive {
namespace {

struct TiffCase {
  TiffForm form;
  int channels = 1;
  int bits_per_pixel = 8;
  std::uint8_t alpha = 255;
};

TiffCase bilevel(const char* name, int compression, int photometric = PHOTOMETRIC_MINISWHITE) {
  TiffCase made;
  made.form.name = name;
  made.form.bits = 1;
  made.form.photometric = static_cast<std::uint16_t>(photometric);
  made.form.compression = static_cast<std::uint16_t>(compression);
  made.bits_per_pixel = 1;
  return made;
}

TiffCase grey(const char* name, int bits, int tolerance = 0) {
  TiffCase made;
  made.form.name = name;
  made.form.bits = static_cast<std::uint16_t>(bits);
  made.form.tolerance = tolerance;
  return made;
}

TiffCase colour(const char* name, int photometric = PHOTOMETRIC_RGB, int samples = 3) {
  TiffCase made;
  made.form.name = name;
  made.form.photometric = static_cast<std::uint16_t>(photometric);
  made.form.samples = static_cast<std::uint16_t>(samples);
  made.channels = 3;
  made.bits_per_pixel = 24;
  return made;
}

TiffCase packed(TiffCase made, int compression, int tolerance = 0) {
  made.form.compression = static_cast<std::uint16_t>(compression);
  made.form.tolerance = tolerance;
  return made;
}
TiffCase tiled(TiffCase made) {
  made.form.tiled = true;
  return made;
}
TiffCase apart(TiffCase made) {
  made.form.planes_apart = true;
  return made;
}
TiffCase in_mode(TiffCase made, const char* mode) {
  made.form.mode = mode;
  return made;
}
TiffCase with_bits(TiffCase made, int bits) {
  made.form.bits = static_cast<std::uint16_t>(bits);
  return made;
}
TiffCase see_through(TiffCase made, std::uint8_t alpha) {
  ++made.form.samples;
  made.alpha = alpha;
  return made;
}
TiffCase real(TiffCase made) {
  made.form.bits = 32;
  made.form.real = true;
  made.form.tolerance = 1;
  return made;
}

const std::vector<TiffCase> kForms = {
    bilevel("plain_bilevel", COMPRESSION_NONE),
    bilevel("bilevel_black_is_zero", COMPRESSION_NONE, PHOTOMETRIC_MINISBLACK),
    bilevel("huffman", COMPRESSION_CCITTRLE),
    bilevel("group_3", COMPRESSION_CCITTFAX3),
    bilevel("group_4", COMPRESSION_CCITTFAX4),
    tiled(bilevel("group_4_tiled", COMPRESSION_CCITTFAX4)),
    in_mode(bilevel("group_4_big_tiff", COMPRESSION_CCITTFAX4), "w8"),
    packed(bilevel("bilevel_lzw", COMPRESSION_NONE), COMPRESSION_LZW),
    grey("grey", 8),
    grey("grey_2", 2, 84),
    grey("grey_4", 4, 16),
    grey("grey_16", 16),
    in_mode(grey("grey_16_big_endian", 16), "wb"),
    grey("grey_32", 32),
    real(grey("grey_real", 32)),
    see_through(grey("grey_alpha", 8), 128),
    packed(grey("grey_lzw", 8), COMPRESSION_LZW),
    packed(grey("grey_jpeg", 8), COMPRESSION_JPEG, 12),
    tiled(grey("grey_tiled", 8)),
    colour("rgb"),
    in_mode(colour("rgb_big_endian"), "wb"),
    in_mode(colour("rgb_big_tiff"), "w8"),
    in_mode(colour("rgb_big_tiff_big_endian"), "w8b"),
    with_bits(colour("rgb_16"), 16),
    apart(colour("rgb_planes_apart")),
    apart(with_bits(colour("rgb_16_planes_apart"), 16)),
    tiled(colour("rgb_tiled")),
    see_through(colour("rgb_alpha"), 100),
    packed(colour("rgb_lzw"), COMPRESSION_LZW),
    packed(colour("rgb_deflate"), COMPRESSION_ADOBE_DEFLATE),
    packed(colour("rgb_packbits"), COMPRESSION_PACKBITS),
    packed(tiled(colour("rgb_lzw_tiled")), COMPRESSION_LZW),
    packed(colour("ycbcr_jpeg", PHOTOMETRIC_YCBCR), COMPRESSION_JPEG, 16),
    colour("cmyk", PHOTOMETRIC_SEPARATED, 4),
    apart(colour("cmyk_planes_apart", PHOTOMETRIC_SEPARATED, 4)),
    colour("palette", PHOTOMETRIC_PALETTE, 1),
};

Expected expected_of(const TiffCase& row) {
  return [row](int x, int y) {
    const std::uint8_t level = grey_at(x, y);
    if (row.form.photometric == PHOTOMETRIC_PALETTE) {
      return Colour{level, static_cast<std::uint8_t>(255 - level),
                    static_cast<std::uint8_t>(level / 2)};
    }
    const std::uint8_t one = row.form.bits == 1 ? black_white_at(x, y) : level;
    return over_paper(row.channels == 1 ? as_grey(one) : colour_at(x, y), row.alpha);
  };
}

class TiffFormTest : public testing::TestWithParam<TiffCase> {};

TEST_P(TiffFormTest, IsReadPixelByPixel) {
  const TiffCase& row = GetParam();
  const FileBytes file = tiff_file(row.form, 1, row.alpha);
  const OpenedSource source = open_tiff(file, usual_limits());
  ASSERT_TRUE(source) << source.error().detail;
  ASSERT_EQ((*source)->pages(), 1);
  const DecodedPage page = (*source)->page(0);
  expect_picture(page, expected_of(row), row.form.tolerance);
  EXPECT_EQ(page->pixels.channels, row.channels);
  EXPECT_EQ(page->bits_per_pixel, row.bits_per_pixel);
  EXPECT_EQ(page->dpi_x, 300);
  EXPECT_EQ(page->dpi_y, 200);
  EXPECT_FALSE(page->rendered);
}

INSTANTIATE_TEST_SUITE_P(Each, TiffFormTest, testing::ValuesIn(kForms),
                         [](const auto& row) { return row.param.form.name; });

// Where the upright pixel (x, y) lies in the stored picture, by TIFF 6.0, tag 274.
struct Orientation {
  int number;
  std::function<std::pair<int, int>(int x, int y)> stored;
};
class OrientationTest : public testing::TestWithParam<Orientation> {};

TEST_P(OrientationTest, IsUndone) {
  TiffForm form;
  form.orientation = static_cast<std::uint16_t>(GetParam().number);
  const FileBytes file = tiff_file(form);
  const DecodedPage page = (*open_tiff(file, usual_limits()))->page(0);
  ASSERT_TRUE(page);
  const bool swapped = GetParam().number >= 5;
  ASSERT_EQ(page->pixels.width, swapped ? kHeight : kWidth);
  ASSERT_EQ(page->pixels.height, swapped ? kWidth : kHeight);
  EXPECT_EQ(page->dpi_x, swapped ? 200 : 300);
  for (int y = 0; y < page->pixels.height; ++y) {
    for (int x = 0; x < page->pixels.width; ++x) {
      const auto [column, row] = GetParam().stored(x, y);
      ASSERT_EQ(page->pixels.row(y)[x], grey_at(column, row)) << x << "," << y;
    }
  }
}

constexpr int kRight = kWidth - 1;
constexpr int kBottom = kHeight - 1;
INSTANTIATE_TEST_SUITE_P(
    Each, OrientationTest,
    testing::Values(Orientation{1, [](int x, int y) { return std::pair(x, y); }},
                    Orientation{2, [](int x, int y) { return std::pair(kRight - x, y); }},
                    Orientation{3, [](int x, int y) { return std::pair(kRight - x, kBottom - y); }},
                    Orientation{4, [](int x, int y) { return std::pair(x, kBottom - y); }},
                    Orientation{5, [](int x, int y) { return std::pair(y, x); }},
                    Orientation{6, [](int x, int y) { return std::pair(y, kBottom - x); }},
                    Orientation{7, [](int x, int y) { return std::pair(kRight - y, kBottom - x); }},
                    Orientation{8, [](int x, int y) { return std::pair(kRight - y, x); }}),
    [](const auto& row) { return "tag_" + std::to_string(row.param.number); });

TiffForm group_4() { return bilevel("group_4", COMPRESSION_CCITTFAX4).form; }

// Where the pointer to the next directory stands in a classic little endian file.
std::size_t next_pointer_of(const FileBytes& file, std::size_t directory) {
  return directory + 2 + 12U * (file[directory] + 256U * file[directory + 1]);
}
std::size_t pointer(const FileBytes& file, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, file.data() + at, sizeof value);
  return value;
}
void set_pointer(FileBytes& file, std::size_t at, std::size_t value) {
  const auto small = static_cast<std::uint32_t>(value);
  std::memcpy(file.data() + at, &small, sizeof small);
}

TEST(TiffPages, AreReadInAnyOrder) {
  for (const char* mode : {"wl", "w8"}) {
    TiffForm form = group_4();
    form.mode = mode;
    const FileBytes file = tiff_file(form, 5);
    const OpenedSource source = open_tiff(file, usual_limits());
    ASSERT_EQ((*source)->pages(), 5);
    for (const int page : {4, 0, 2, 2, 1}) {
      expect_picture((*source)->page(page),
                     [](int x, int y) { return as_grey(black_white_at(x, y)); }, 0);
    }
  }
}

TEST(TiffPages, HaveALimit) {
  const FileBytes file = tiff_file(group_4(), 5);
  DecodeLimits limits = usual_limits();
  limits.pages_max = 4;
  EXPECT_EQ(open_tiff(file, limits).error().reason, FaultReason::too_many_pages);
  limits.pages_max = 5;
  EXPECT_TRUE(open_tiff(file, limits));
}

TEST(TiffPages, InALoopOrOutsideTheFileEndTheList) {
  const FileBytes sound = tiff_file(group_4(), 2);
  const std::size_t first = pointer(sound, 4);
  const std::size_t second = pointer(sound, next_pointer_of(sound, first));
  for (const auto& [target, word] :
       {std::pair{first, "loop"}, std::pair{sound.size() + 100, "outside"}}) {
    FileBytes file = sound;
    set_pointer(file, next_pointer_of(file, second), target);
    const OpenedSource source = open_tiff(file, usual_limits());
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->pages(), 2);
    ASSERT_EQ((*source)->warnings().size(), 1u);
    EXPECT_NE((*source)->warnings()[0].find(word), std::string::npos);
    EXPECT_TRUE((*source)->page(1));
  }
}

TEST(TiffDamage, AHeaderAloneIsTruncatedAndNoDirectoryIsNoPage) {
  FileBytes file = tiff_file(group_4());
  EXPECT_EQ(open_tiff(Bytes(file).first(6), usual_limits()).error().reason, FaultReason::truncated);
  EXPECT_EQ(open_tiff(Bytes(file).first(8), usual_limits()).error().reason, FaultReason::truncated);
  set_pointer(file, 4, 0);
  EXPECT_EQ(open_tiff(file, usual_limits()).error().reason, FaultReason::no_pages);
}

TEST(TiffDamage, TooManyPixelsAreRefusedBeforeTheyAreRead) {
  const FileBytes file = tiff_file(group_4());
  DecodeLimits limits = usual_limits();
  limits.pixels_max = kWidth * kHeight - 1;
  const DecodedPage page = (*open_tiff(file, limits))->page(0);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().reason, FaultReason::too_many_pixels);
}

TEST(TiffDamage, AStripThatIsMissingLeavesThePartBeforeIt) {
  FileBytes file = tiff_file(colour("rgb").form);
  // The pixels come first in the file, then the directory: the last of three strips loses
  // its place.
  const std::size_t directory = pointer(file, 4);
  for (std::size_t at = directory + 2; at < next_pointer_of(file, directory); at += 12) {
    if (file[at] + 256 * file[at + 1] != TIFFTAG_STRIPOFFSETS) continue;
    set_pointer(file, pointer(file, at + 8) + 8, file.size() + 1000);
  }
  const DecodedPage page = (*open_tiff(file, usual_limits()))->page(0);
  ASSERT_TRUE(page) << page.error().detail;
  EXPECT_TRUE(is_partial(*page));
  EXPECT_EQ(page->pixels.row(0)[2], colour_at(0, 0).red);
  EXPECT_EQ(page->pixels.row(15)[2], colour_at(0, 15).red);
  EXPECT_EQ(page->pixels.row(kBottom)[0], 255) << "white paper where nothing is known";
}

// Whatever is cut off or changed, a reader answers and the program lives on.
TEST(TiffDamage, CutAnywhereIsAnAnswer) {
  for (const TiffForm& form :
       {group_4(), tiled(colour("x")).form, packed(colour("x"), COMPRESSION_LZW).form}) {
    const FileBytes whole = tiff_file(form, 2);
    for (std::size_t size = 1; size < whole.size(); size += whole.size() / 97 + 1) {
      const FileBytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const OpenedSource source = open_tiff(cut, usual_limits());
      if (!source) continue;
      for (int page = 0; page < (*source)->pages(); ++page) {
        const DecodedPage read = (*source)->page(page);
        EXPECT_TRUE(read || !read.error().detail.empty());
      }
    }
  }
}

}  // namespace
}  // namespace archive
