#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/page.h"

// What writing and reading a layout share; nothing but layout.cpp and layout_reader.cpp
// includes this.
//
// The layout format, version 2. UTF-8; lines end with \n, columns are parted by a tab.
// Version 1 is the same without alternatives and is still read.
//
//   juanzong-layout 2
//   page <width> <height> <rotation> <skew> <engines> <lines>     parted by one space
//   <name of engine 0>                                            one line an engine
//   <kind> <engine> <quad> <confidence> <positions> <doubts> <text>
//          [<characters> [<alternatives>]]
//
//   rotation     0, 90, 180 or 270
//   skew         in 1/1000 degree
//   kind         p printed, h handwritten, s seal; then v when vertical, u when unsure
//   engine       number in the list above, from 0
//   quad         in 1/10 pixel: x,y of corner 0; then dx,dy to corner 1; dx,dy to corner 3;
//                and how far corner 2 lies off the parallelogram of these three
//   confidence   in 1/1000; empty: the mean of the characters'
//   positions    "-" no characters are kept; "=" spread evenly, (i + 1/2) / n;
//                else n numbers with commas, in 1/10,000: the first position, then steps
//   doubts       1000 minus the confidence in 1/1000: n numbers with commas, an empty one
//                is 0; a single number (or nothing) stands for all
//   text         \\ \t \n \r and \xHH stand for a backslash, tab, newline, return and
//                other control characters
//   characters   parted by "\."; left out when they are the code points of the text and no
//                alternatives follow
//   alternatives what a character may have been instead, parted by "\.", the likeliest first:
//                <number of the character, from 0>,<confidence in 1/1000>,<text>
//
// A page of 1,000 hanzi takes about 11 kB. Tested by tests/core/layout_test.cpp.

namespace archive::layout_format {

inline constexpr std::string_view kHeader = "juanzong-layout 2";
inline constexpr std::string_view kHeaderOfVersion1 = "juanzong-layout 1";
inline constexpr std::size_t kBytesMax = 64u << 20;
inline constexpr std::size_t kCharactersMax = 1'000'000;
inline constexpr std::size_t kAlternativesMax = 16;  // of a character
inline constexpr std::size_t kLinesMax = 200'000;
inline constexpr std::size_t kEnginesMax = 1'000;
inline constexpr std::int64_t kPixelsMax = 1'000'000;
inline constexpr std::int64_t kTenthsMax = 10 * kPixelsMax;
inline constexpr std::int64_t kPositionUnit = 10'000;
inline constexpr std::int64_t kThousand = 1'000;

inline std::int64_t rounded(double value, double unit, std::int64_t least, std::int64_t most) {
  if (std::isnan(value)) return std::clamp<std::int64_t>(0, least, most);
  const double scaled = std::round(value * unit);
  if (scaled <= static_cast<double>(least)) return least;
  if (scaled >= static_cast<double>(most)) return most;
  return static_cast<std::int64_t>(scaled);
}

inline std::int64_t thousandths(double confidence) {
  return rounded(confidence, 1000, 0, kThousand);
}

inline std::int64_t ten_thousandths(double position) {
  return rounded(position, 10'000, 0, kPositionUnit);
}

inline std::int64_t even_position(std::size_t i, std::size_t count) {
  return ten_thousandths((static_cast<double>(i) + 0.5) / static_cast<double>(count));
}

inline std::int64_t mean_thousandths(const std::vector<TextChar>& chars) {
  if (chars.empty()) return 0;
  std::int64_t sum = 0;
  for (const TextChar& c : chars) sum += thousandths(c.confidence);
  const auto count = static_cast<std::int64_t>(chars.size());
  return (sum + count / 2) / count;
}

}  // namespace archive::layout_format
