#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archive {

/// A picture in memory: 8 bits a channel, rows packed without padding, either
/// one channel (grey, 0 black .. 255 white) or three (blue, green, red in that
/// order, as OpenCV has them). `channels` says which; nothing else is allowed.
struct Pixels {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<std::uint8_t> bytes;

  bool empty() const { return bytes.empty(); }
  std::size_t stride() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  }
  std::uint8_t* row(int y) { return bytes.data() + static_cast<std::size_t>(y) * stride(); }
  const std::uint8_t* row(int y) const {
    return bytes.data() + static_cast<std::size_t>(y) * stride();
  }
};

}  // namespace archive
