#include "viewer/fax_code.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace archive {
namespace {

// The codes of runs of 0 to 63 pixels (ITU-T T.4, tables 2 and 3).
constexpr std::array<const char*, 64> kWhite = {
    "00110101", "000111",   "0111",     "1000",     "1011",     "1100",     "1110",     "1111",
    "10011",    "10100",    "00111",    "01000",    "001000",   "000011",   "110100",   "110101",
    "101010",   "101011",   "0100111",  "0001100",  "0001000",  "0010111",  "0000011",  "0000100",
    "0101000",  "0101011",  "0010011",  "0100100",  "0011000",  "00000010", "00000011", "00011010",
    "00011011", "00010010", "00010011", "00010100", "00010101", "00010110", "00010111", "00101000",
    "00101001", "00101010", "00101011", "00101100", "00101101", "00000100", "00000101", "00001010",
    "00001011", "01010010", "01010011", "01010100", "01010101", "00100100", "00100101", "01011000",
    "01011001", "01011010", "01011011", "01001010", "01001011", "00110010", "00110011", "00110100",
};

constexpr std::array<const char*, 64> kBlack = {
    "0000110111",   "010",          "11",           "10",           "011",          "0011",
    "0010",         "00011",        "000101",       "000100",       "0000100",      "0000101",
    "0000111",      "00000100",     "00000111",     "000011000",    "0000010111",   "0000011000",
    "0000001000",   "00001100111",  "00001101000",  "00001101100",  "00000110111",  "00000101000",
    "00000010111",  "00000011000",  "000011001010", "000011001011", "000011001100", "000011001101",
    "000001101000", "000001101001", "000001101010", "000001101011", "000011010010", "000011010011",
    "000011010100", "000011010101", "000011010110", "000011010111", "000001101100", "000001101101",
    "000011011010", "000011011011", "000001010100", "000001010101", "000001010110", "000001010111",
    "000001100100", "000001100101", "000001010010", "000001010011", "000000100100", "000000110111",
    "000000111000", "000000100111", "000000101000", "000001011000", "000001011001", "000000101011",
    "000000101100", "000001011010", "000001100110", "000001100111",
};

// Runs of 64, 128, ... 1,728.
constexpr std::array<const char*, 27> kWhiteLong = {
    "11011",     "10010",     "010111",    "0110111",   "00110110",  "00110111",  "01100100",
    "01100101",  "01101000",  "01100111",  "011001100", "011001101", "011010010", "011010011",
    "011010100", "011010101", "011010110", "011010111", "011011000", "011011001", "011011010",
    "011011011", "010011000", "010011001", "010011010", "011000",    "010011011",
};

constexpr std::array<const char*, 27> kBlackLong = {
    "0000001111",    "000011001000",  "000011001001",  "000001011011",  "000000110011",
    "000000110100",  "000000110101",  "0000001101100", "0000001101101", "0000001001010",
    "0000001001011", "0000001001100", "0000001001101", "0000001110010", "0000001110011",
    "0000001110100", "0000001110101", "0000001110110", "0000001110111", "0000001010010",
    "0000001010011", "0000001010100", "0000001010101", "0000001011010", "0000001011011",
    "0000001100100", "0000001100101",
};

// Runs of 1,792, 1,856, ... 2,560, of either colour.
constexpr std::array<const char*, 13> kLongest = {
    "00000001000",  "00000001100",  "00000001101",  "000000010010", "000000010011",
    "000000010100", "000000010101", "000000010110", "000000010111", "000000011100",
    "000000011101", "000000011110", "000000011111",
};

constexpr int kLongStep = 64;
constexpr int kLongestStep = 2560;
constexpr const char* kPass = "0001";
constexpr const char* kHorizontal = "001";
// The edge lies 3 pixels to the left ... 3 to the right of the one above (T.6, table 1).
constexpr std::array<const char*, 7> kVertical = {"0000010", "000010", "010",    "1",
                                                  "011",     "000011", "0000011"};
constexpr int kVerticalMax = 3;
constexpr const char* kEndOfBlock = "000000000001000000000001";

class Bits {
 public:
  void add(const char* code) {
    for (; *code != '\0'; ++code) {
      byte_ = static_cast<unsigned char>(byte_ << 1 | (*code == '1' ? 1 : 0));
      if (++filled_ < 8) continue;
      bytes_ += static_cast<char>(byte_);
      filled_ = 0;
    }
  }
  std::string take() {
    while (filled_ != 0) add("0");
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  unsigned char byte_ = 0;
  int filled_ = 0;
};

// A row of one byte a pixel: 0 white, 1 black.
using Row = std::vector<char>;

void add_run(int length, bool black, Bits& bits) {
  for (; length >= kLongestStep + kLongStep; length -= kLongestStep) bits.add(kLongest.back());
  const auto steps = static_cast<std::size_t>(length / kLongStep);
  const auto& longs = black ? kBlackLong : kWhiteLong;
  if (steps > longs.size()) {
    bits.add(kLongest[steps - longs.size() - 1]);
  } else if (steps > 0) {
    bits.add(longs[steps - 1]);
  }
  bits.add((black ? kBlack : kWhite)[static_cast<std::size_t>(length % kLongStep)]);
}

// The first pixel at or after `from` that has this colour, or the row's end.
int find(const Row& row, int from, bool black) {
  const int width = static_cast<int>(row.size());
  if (from >= width) return width;
  const void* found =
      std::memchr(row.data() + from, black ? 1 : 0, static_cast<std::size_t>(width - from));
  return found == nullptr ? width : static_cast<int>(static_cast<const char*>(found) - row.data());
}

// The first edge of the row above to the right of `at` from the colour we are in to the other.
int edge_above(const Row& above, int at, bool black) {
  const int from = at + 1;
  const bool in_other = from > 0 && from <= static_cast<int>(above.size()) &&
                        (above[static_cast<std::size_t>(from - 1)] == 1) != black;
  return find(above, in_other ? find(above, from, black) : from, !black);
}

// T.6, 2.2.5. `at` is a0, and -1 before the first pixel, which counts as white.
void add_row(const Row& above, const Row& row, Bits& bits) {
  const int width = static_cast<int>(row.size());
  int at = -1;
  bool black = false;
  while (at < width) {
    const int edge = find(row, std::max(at, 0), !black);
    const int b1 = edge_above(above, at, black);
    const int b2 = find(above, b1, black);
    if (b2 < edge) {
      bits.add(kPass);
      at = b2;
    } else if (std::abs(edge - b1) <= kVerticalMax) {
      bits.add(kVertical[static_cast<std::size_t>(edge - b1 + kVerticalMax)]);
      at = edge;
      black = !black;
    } else {
      const int next = find(row, edge, black);
      bits.add(kHorizontal);
      add_run(edge - std::max(at, 0), black, bits);
      add_run(next - edge, !black, bits);
      at = next;
    }
  }
}

}  // namespace

bool is_bilevel(const Pixels& pixels) {
  return pixels.channels == 1 && std::ranges::all_of(pixels.bytes, [](std::uint8_t value) {
           return value == 0 || value == 255;
         });
}

std::string group4(const Pixels& pixels) {
  const auto width = static_cast<std::size_t>(pixels.width);
  Row above(width, 0);
  Row row(width, 0);
  Bits bits;
  for (int y = 0; y < pixels.height; ++y) {
    std::transform(pixels.row(y), pixels.row(y) + pixels.width, row.begin(),
                   [](std::uint8_t value) { return static_cast<char>(value < 128); });
    add_row(above, row, bits);
    std::swap(above, row);
  }
  bits.add(kEndOfBlock);
  return bits.take();
}

}  // namespace archive
