#include "core/lost_characters.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

struct Text {
  const char* text;
  std::size_t lost;
};

// R71: a text that lost characters on its way is told by their number.
TEST(LostCharacters, R71_CountsWhatBrokenConversionsLeave) {
  for (const Text& one : {Text{"", 0}, Text{"社会保险基金", 0}, Text{"社?;鸬", 1},
                          Text{"社??鸬和養??保險", 2}, Text{"社\xEF\xBF\xBD保\xEF\xBF\xBD", 2},
                          Text{"社\xEE\x80\x80保", 1}, Text{"是否同意?同意", 0}, Text{"同意??", 0},
                          Text{"a?;b", 0}, Text{"社會保險業(yè)務", 0}}) {
    EXPECT_EQ(lost_characters(one.text), one.lost) << one.text;
  }
}

}  // namespace
}  // namespace archive
