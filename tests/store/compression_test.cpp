#include "store/objects/compression.h"

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"

namespace archive {
namespace {

TEST(Compression, GivesBackEveryByteAndSavesRoom) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "参保人 line " + std::to_string(i % 50) + "\n";
  const std::string frame = compress(text);
  EXPECT_EQ(expand(frame), text);
  EXPECT_LT(frame.size() * 10, text.size());
  EXPECT_EQ(expand(compress("")), "");
}

TEST(Compression, IsTheSameForTheSameBytes) { EXPECT_EQ(compress("a page"), compress("a page")); }

TEST(Compression, RefusesDamageAndBombs) {
  const std::string frame = compress(std::string(10'000, 'a'));
  EXPECT_THROW(expand(frame, 9'999), ArchiveError);
  EXPECT_EQ(expand(frame, 10'000).size(), 10'000u);
  EXPECT_THROW(expand("not a frame"), ArchiveError);
  EXPECT_THROW(expand(frame.substr(0, frame.size() - 1)), ArchiveError);
}

// Some bits of a frame mean nothing; a flip of one may pass, but never gives other bytes.
TEST(Compression, NeverGivesOtherBytesThanWentIn) {
  const std::string text(10'000, 'a');
  const std::string frame = compress(text);
  int refused = 0;
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    std::string flipped = frame;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    try {
      EXPECT_EQ(expand(flipped), text) << "bit " << bit;
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::damage);
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace archive
