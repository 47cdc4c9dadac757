#include "ocr/text/direction.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "ocr/text/strip.h"

namespace archive {
namespace {

// The input the network was trained with. A narrower line is followed by the zeros of
// padding, a wider one is cut off.
constexpr int kHeight = 48;
constexpr int kWidth = 192;

}  // namespace

double upside_down_by_shape(const Network& network, const Pixels& grey, const Quad& quad) {
  const double aspect = quad.width() / std::max(1.0, quad.height());
  const double share = std::min(1.0, kWidth / (kHeight * std::max(0.1, aspect)));
  const int width = std::clamp(static_cast<int>(std::lround(kHeight * aspect)), 1, kWidth);
  const Strip strip = cut_strip(grey, quad.slice(0, share), width, kHeight);

  std::vector<float> input(std::size_t{3} * kHeight * kWidth);
  for (std::size_t row = 0; row < std::size_t{3} * kHeight; ++row) {
    const auto from = strip.planes.begin() + static_cast<std::ptrdiff_t>(row) * width;
    std::copy(from, from + width, input.begin() + static_cast<std::ptrdiff_t>(row) * kWidth);
  }
  const std::vector<NetworkAnswer> answers = network.run(input, {1, 3, kHeight, kWidth});
  const std::span<const float> values = answers.front().values();
  if (values.size() != 2) throw std::runtime_error("not a direction model");
  return values[1];
}

}  // namespace archive
