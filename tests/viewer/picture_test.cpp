#include "viewer/picture.h"

#include <cairo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace archive {
namespace {

struct FreeSurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};

cairo_status_t take(void* closure, unsigned char* to, unsigned int count) {
  auto& left = *static_cast<std::string_view*>(closure);
  if (left.size() < count) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(to, left.data(), count);
  left.remove_prefix(count);
  return CAIRO_STATUS_SUCCESS;
}

/// What a person would see of a PNG.
class Seen {
 public:
  explicit Seen(const std::string& png) {
    std::string_view left = png;
    surface_.reset(cairo_image_surface_create_from_png_stream(take, &left));
  }
  int width() const { return cairo_image_surface_get_width(surface_.get()); }
  int height() const { return cairo_image_surface_get_height(surface_.get()); }
  int red(int x, int y) const { return pixel(x, y)[2]; }
  int blue(int x, int y) const { return pixel(x, y)[0]; }

 private:
  const unsigned char* pixel(int x, int y) const {
    return cairo_image_surface_get_data(surface_.get()) +
           y * cairo_image_surface_get_stride(surface_.get()) + 4 * x;
  }
  std::unique_ptr<cairo_surface_t, FreeSurface> surface_;
};

Pixels white(int width, int height) {
  return {width, height, 1,
          std::vector<std::uint8_t>(static_cast<std::size_t>(width * height), 255)};
}

// A dark corner tells how a page lies: on the upright page it is the upper left one.
struct Turned {
  int rotation, corner_x, corner_y;
};

class APage : public testing::TestWithParam<Turned> {};

TEST_P(APage, IsShownUpright) {
  const auto [rotation, corner_x, corner_y] = GetParam();
  Pixels delivered = rotation % 180 == 0 ? white(60, 100) : white(100, 60);
  const int left = corner_x * (delivered.width - 20);
  const int top = corner_y * (delivered.height - 20);
  for (int y = top; y < top + 20; ++y) std::fill_n(delivered.row(y) + left, 20, std::uint8_t{0});

  for (const int side_max : {0, 50}) {
    const Seen seen(png_of(delivered, {}, rotation, side_max));
    const int part = side_max == 0 ? 1 : 2;
    ASSERT_EQ(seen.width(), 60 / part);
    ASSERT_EQ(seen.height(), 100 / part);
    EXPECT_EQ(seen.red(5 / part, 5 / part), 0);
    EXPECT_EQ(seen.red(55 / part, 5 / part), 255);
    EXPECT_EQ(seen.red(5 / part, 95 / part), 255);
    EXPECT_EQ(seen.red(55 / part, 95 / part), 255);
  }
}

INSTANTIATE_TEST_SUITE_P(Turned, APage,
                         testing::Values(Turned{0, 0, 0}, Turned{90, 1, 0}, Turned{180, 1, 1},
                                         Turned{270, 0, 1}));

TEST(Picture, AHitIsHighlightedAndItsPrintIsLeft) {
  Pixels page = white(60, 60);
  std::fill_n(page.row(30) + 20, 20, std::uint8_t{0});
  const Seen seen(png_of(page, {{Quad::of({10, 20, 50, 40}), Marking::Style::hit}}, 0, 0));
  EXPECT_EQ(seen.red(30, 30), 0);
  EXPECT_EQ(seen.red(30, 25), 255);
  EXPECT_LT(seen.blue(30, 25), 100);
  EXPECT_EQ(seen.blue(30, 50), 255);
}

}  // namespace
}  // namespace archive
