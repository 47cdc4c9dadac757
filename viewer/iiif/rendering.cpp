#include "viewer/iiif/rendering.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace archive {
namespace {

constexpr int kSmallestSide = 64;
constexpr int kBlackBelow = 128;

Pixels empty(int width, int height, int channels) {
  Pixels made{width, height, channels, {}};
  made.bytes.resize(made.stride() * static_cast<std::size_t>(height));
  return made;
}

Pixels half_of(const Pixels& from) {
  Pixels to = empty((from.width + 1) / 2, (from.height + 1) / 2, from.channels);
  for (int y = 0; y < to.height; ++y) {
    const std::uint8_t* upper = from.row(2 * y);
    const std::uint8_t* lower = from.row(std::min(2 * y + 1, from.height - 1));
    std::uint8_t* out = to.row(y);
    for (int x = 0; x < to.width; ++x) {
      const int left = 2 * x * from.channels;
      const int right = std::min(2 * x + 1, from.width - 1) * from.channels;
      for (int c = 0; c < from.channels; ++c) {
        *out++ = static_cast<std::uint8_t>(
            (upper[left + c] + upper[right + c] + lower[left + c] + lower[right + c] + 2) / 4);
      }
    }
  }
  return to;
}

/// Which pixels of a line make one of the line that is asked for, and how much of each.
struct Share {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Share> shares_of(double from, double length, int count, int limit) {
  std::vector<Share> shares(static_cast<std::size_t>(count));
  const double step = length / count;
  for (int i = 0; i < count; ++i) {
    Share& share = shares[static_cast<std::size_t>(i)];
    double begin = from + i * step;
    double end = begin + step;
    if (step < 1) {
      // Larger than it is: between the two nearest.
      const double centre = (begin + end) / 2 - 0.5;
      begin = centre;
      end = centre + 1;
    }
    const int first = std::clamp(static_cast<int>(std::floor(begin)), 0, limit - 1);
    const int last = std::clamp(static_cast<int>(std::ceil(end)) - 1, first, limit - 1);
    share.first = first;
    float sum = 0;
    for (int at = first; at <= last; ++at) {
      const double covered = std::min(end, at + 1.0) - std::max(begin, static_cast<double>(at));
      share.weights.push_back(static_cast<float>(std::max(covered, 1e-6)));
      sum += share.weights.back();
    }
    for (float& weight : share.weights) weight /= sum;
  }
  return shares;
}

struct Region {
  double x, y, width, height;
};

Pixels scaled(const Pixels& from, const Region& region, int width, int height) {
  const std::vector<Share> across = shares_of(region.x, region.width, width, from.width);
  const std::vector<Share> down = shares_of(region.y, region.height, height, from.height);
  Pixels to = empty(width, height, from.channels);
  const int channels = from.channels;
  const int x_begin = across.front().first;
  const int x_end = across.back().first + static_cast<int>(across.back().weights.size());
  std::vector<float> line(static_cast<std::size_t>((x_end - x_begin) * channels));
  for (int y = 0; y < height; ++y) {
    std::ranges::fill(line, 0.0F);
    const Share& rows = down[static_cast<std::size_t>(y)];
    for (std::size_t r = 0; r < rows.weights.size(); ++r) {
      const std::uint8_t* in = from.row(rows.first + static_cast<int>(r)) + x_begin * channels;
      const float weight = rows.weights[r];
      for (float& value : line) value += weight * static_cast<float>(*in++);
    }
    std::uint8_t* out = to.row(y);
    for (const Share& columns : across) {
      const float* in = line.data() + (columns.first - x_begin) * channels;
      for (int c = 0; c < channels; ++c) {
        float sum = 0;
        for (std::size_t i = 0; i < columns.weights.size(); ++i) {
          sum += columns.weights[i] * in[static_cast<std::size_t>(channels) * i +
                                         static_cast<std::size_t>(c)];
        }
        *out++ = static_cast<std::uint8_t>(std::clamp(sum + 0.5F, 0.0F, 255.0F));
      }
    }
  }
  return to;
}

Pixels piece_of(const Pixels& from, int x, int y, int width, int height) {
  Pixels to = empty(width, height, from.channels);
  for (int row = 0; row < height; ++row) {
    const std::uint8_t* in = from.row(y + row) + x * from.channels;
    std::copy_n(in, to.stride(), to.row(row));
  }
  return to;
}

/// The smallest level that still has a pixel for each one that is asked for.
std::size_t level_for(const PicturePyramid& picture, const ImageRequest& request) {
  const double shrink = std::min(static_cast<double>(request.width) / request.out_width,
                                 static_cast<double>(request.height) / request.out_height);
  std::size_t level = 0;
  // A tile at the edge is a little less than half its region when the side is odd.
  while (level + 1 < picture.levels.size() && shrink >= std::exp2(level + 1) * 0.999) ++level;
  return level;
}

Pixels turned(const Pixels& from, const ImageRequest& request) {
  if (request.rotation == 0 && !request.mirrored) return from;
  const bool side = request.rotation % 180 != 0;
  Pixels to = side ? empty(from.height, from.width, from.channels)
                   : empty(from.width, from.height, from.channels);
  for (int y = 0; y < from.height; ++y) {
    for (int x = 0; x < from.width; ++x) {
      const int mx = request.mirrored ? from.width - 1 - x : x;
      int tx = mx;
      int ty = y;
      if (request.rotation == 90) {
        tx = from.height - 1 - y;
        ty = mx;
      } else if (request.rotation == 180) {
        tx = from.width - 1 - mx;
        ty = from.height - 1 - y;
      } else if (request.rotation == 270) {
        tx = y;
        ty = from.width - 1 - mx;
      }
      std::copy_n(from.row(y) + x * from.channels, from.channels,
                  to.row(ty) + tx * from.channels);
    }
  }
  return to;
}

Pixels grey_of(const Pixels& from) {
  if (from.channels == 1) return from;
  Pixels to = empty(from.width, from.height, 1);
  const std::uint8_t* in = from.bytes.data();
  for (std::uint8_t& value : to.bytes) {
    // ITU-R BT.601 luma, of blue, green and red.
    value = static_cast<std::uint8_t>((in[0] * 114 + in[1] * 587 + in[2] * 299 + 500) / 1000);
    in += 3;
  }
  return to;
}

}  // namespace

std::size_t PicturePyramid::bytes() const {
  std::size_t sum = 0;
  for (const Pixels& level : levels) sum += level.bytes.size();
  return sum;
}

PicturePyramid pyramid_of(Pixels whole) {
  PicturePyramid picture;
  picture.levels.push_back(std::move(whole));
  while (std::max(picture.levels.back().width, picture.levels.back().height) > 2 * kSmallestSide) {
    picture.levels.push_back(half_of(picture.levels.back()));
  }
  return picture;
}

Pixels rendered(const PicturePyramid& picture, const ImageRequest& request) {
  const std::size_t number = level_for(picture, request);
  const Pixels& level = picture.levels[number];
  const int factor = 1 << number;
  Pixels out;
  const bool whole = request.x % factor == 0 && request.y % factor == 0 &&
                     (request.width + factor - 1) / factor == request.out_width &&
                     (request.height + factor - 1) / factor == request.out_height;
  if (whole && request.x / factor + request.out_width <= level.width &&
      request.y / factor + request.out_height <= level.height) {
    out = piece_of(level, request.x / factor, request.y / factor, request.out_width,
                   request.out_height);
  } else {
    const double f = factor;
    out = scaled(level, {request.x / f, request.y / f, request.width / f, request.height / f},
                 request.out_width, request.out_height);
  }
  out = turned(out, request);
  if (request.quality == ImageRequest::Quality::grey) return grey_of(out);
  if (request.quality == ImageRequest::Quality::bitonal) {
    out = grey_of(out);
    for (std::uint8_t& value : out.bytes) value = value < kBlackBelow ? 0 : 255;
  }
  return out;
}

}  // namespace archive
