#include "viewer/review/snippet.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace archive {
namespace {

constexpr int kMarginLeast = 4;
constexpr std::uint8_t kCover = 200;

PixelBox with_margin(const PixelBox& box, const SnippetMargin& margin, int rotation, int width,
                     int height) {
  const bool lies = rotation == 90 || rotation == 270;
  const int text_height = lies ? box.width : box.height;
  const auto part = [text_height](double share) {
    return std::max(kMarginLeast, static_cast<int>(std::lround(share * text_height)));
  };
  const int beside_x = part(lies ? margin.down : margin.across);
  const int beside_y = part(lies ? margin.across : margin.down);
  const int left = std::max(0, box.x - beside_x);
  const int top = std::max(0, box.y - beside_y);
  const int right = std::min(width, box.x + box.width + beside_x);
  const int bottom = std::min(height, box.y + box.height + beside_y);
  return {left, top, right - left, bottom - top};
}

bool inside(const PixelBox& box, int x, int y) {
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}

}  // namespace

PixelBox pixel_box_of(const Quad& quad, int picture_width, int picture_height) {
  const Box bounds = quad.bounds();
  const auto within = [](double value, int least, int most) {
    return static_cast<int>(std::clamp(value, static_cast<double>(least),
                                       static_cast<double>(most)));
  };
  const int left = within(std::floor(bounds.left), 0, picture_width - 1);
  const int top = within(std::floor(bounds.top), 0, picture_height - 1);
  const int right = within(std::ceil(bounds.right), left + 1, picture_width);
  const int bottom = within(std::ceil(bounds.bottom), top + 1, picture_height);
  return {left, top, right - left, bottom - top};
}

Pixels snippet_of(const PicturePyramid& picture, const PixelBox& box, int rotation,
                  const SnippetMargin& margin, std::span<const PixelBox> covered) {
  const Pixels& whole = picture.levels.front();
  const PixelBox cut = with_margin(box, margin, rotation, whole.width, whole.height);
  PicturePyramid piece;
  Pixels& pixels = piece.levels.emplace_back();
  pixels.width = cut.width;
  pixels.height = cut.height;
  pixels.channels = whole.channels;
  pixels.bytes.resize(pixels.stride() * static_cast<std::size_t>(cut.height));
  const auto channels = static_cast<std::size_t>(whole.channels);
  for (int y = 0; y < cut.height; ++y) {
    const std::uint8_t* from = whole.row(cut.y + y) + static_cast<std::size_t>(cut.x) * channels;
    std::copy_n(from, pixels.stride(), pixels.row(y));
    for (const PixelBox& cover : covered) {
      for (int x = 0; x < cut.width; ++x) {
        if (!inside(cover, cut.x + x, cut.y + y) || inside(box, cut.x + x, cut.y + y)) continue;
        std::fill_n(pixels.row(y) + static_cast<std::size_t>(x) * channels, channels, kCover);
      }
    }
  }
  ImageRequest request;
  request.width = cut.width;
  request.height = cut.height;
  const double scale =
      std::min(1.0, static_cast<double>(kSnippetSide) / std::max(cut.width, cut.height));
  request.out_width = std::max(1, static_cast<int>(std::lround(cut.width * scale)));
  request.out_height = std::max(1, static_cast<int>(std::lround(cut.height * scale)));
  request.rotation = (360 - rotation) % 360;
  return rendered(piece, request);
}

}  // namespace archive
