#include "core/width.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

TEST(Width, NarrowsTheTwinsOfAscii) {
  EXPECT_EQ(half_width("ＡＢＣ１２３（％）：～"), "ABC123(%):~");
  EXPECT_EQ(half_width("　￥"), " ¥");
}

TEST(Width, LeavesHanziAndTheirPunctuation) {
  EXPECT_EQ(half_width("卷、宗。《档》"), "卷、宗。《档》");
  EXPECT_EQ(half_width(""), "");
}

}  // namespace
}  // namespace archive
