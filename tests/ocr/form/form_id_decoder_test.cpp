#include <gtest/gtest.h>

#include "core/utf8.h"
#include "ocr/form/id_decoder.h"

// 11010519491231002X is the worked example of GB 11643.

namespace archive::form {
namespace {

struct Doubt {
  std::size_t place;
  double confidence;  // of what was read
  const char* other;
  double other_confidence;
};

std::optional<std::string> decoded(const std::string& read, const std::vector<Doubt>& doubts) {
  std::vector<Sign> signs;
  for (const char c : read) {
    Sign sign;
    sign.c = sign.printed = static_cast<char32_t>(c);
    sign.confidence = 1;
    signs.push_back(sign);
  }
  for (const Doubt& doubt : doubts) {
    signs[doubt.place].confidence = doubt.confidence;
    signs[doubt.place].alternatives.push_back({doubt.other, doubt.other_confidence});
  }
  return likeliest_id(signs, read);
}

TEST(IdDecoder, TakesTheReadingThatPassesTheCheck) {
  EXPECT_EQ(decoded("11010519491281002X", {{12, 0.7, "3", 0.25}}), "11010519491231002X");
}

TEST(IdDecoder, ExchangesUpToThreeCharacters) {
  EXPECT_EQ(
      decoded("41010579497231002X", {{0, 0.6, "1", 0.3}, {6, 0.6, "1", 0.3}, {10, 0.5, "1", 0.4}}),
      "11010519491231002X");
}

TEST(IdDecoder, ALetterStandsForTheDigitItResembles) {
  EXPECT_EQ(decoded("11010519491237002X", {{13, 0.5, "l", 0.4}}), "11010519491231002X");
}

TEST(IdDecoder, CannotKnowWhatWasNeverHeldPossible) {
  EXPECT_FALSE(decoded("11010519491281002X", {}));
  EXPECT_FALSE(decoded("11010519491281002X", {{12, 0.7, "5", 0.25}}));
}

TEST(IdDecoder, ChoosesNeitherOfTwoThatAreAboutAsLikely) {
  const std::vector<Doubt> either = {{12, 0.6, "3", 0.3}, {17, 0.6, "6", 0.3}};
  ASSERT_FALSE(decoded("11010519491281002X", {{17, 0.6, "6", 0.3}}));
  EXPECT_EQ(decoded("11010519491281002X", either), "11010519491231002X");
  // With a 3 in the seventeenth place the check character is 8, with a 2 it is X.
  EXPECT_FALSE(decoded("11010519491231003X", {{16, 0.6, "2", 0.3}, {17, 0.5, "8", 0.26}}));
}

TEST(IdDecoder, NeedsEighteenCharacters) {
  EXPECT_FALSE(decoded("1101051949128100", {{12, 0.7, "3", 0.25}}));
}

}  // namespace
}  // namespace archive::form
