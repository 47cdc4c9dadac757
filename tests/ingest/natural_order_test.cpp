#include "ingest/natural_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace archive {
namespace {

// Already in the order that people expect.
const std::vector<std::string> kOrdered = {"",
                                           "2/10.tif",
                                           "2.tif",
                                           "10.tif",
                                           "a",
                                           "a1b",
                                           "a01b",
                                           "a1b2",
                                           "a1c",
                                           "a2",
                                           "a10",
                                           "box/1/page9.jpg",
                                           "box/1.jpg",
                                           "box/2/1.jpg",
                                           "page1.jpg",
                                           "page01.jpg",
                                           "page2.jpg",
                                           "page10.jpg",
                                           "page99999999999999999999998.jpg",
                                           "page99999999999999999999999.jpg",
                                           "卷1",
                                           "卷2"};

TEST(NaturalOrder, IsTheOrderPeopleExpect) {
  for (std::size_t i = 0; i < kOrdered.size(); ++i) {
    for (std::size_t j = 0; j < kOrdered.size(); ++j) {
      EXPECT_EQ(natural_less(kOrdered[i], kOrdered[j]), i < j)
          << kOrdered[i] << " against " << kOrdered[j];
    }
  }
}

TEST(NaturalOrder, SortsAnyShuffleToTheSameOrder) {
  std::mt19937 random(72);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> names = kOrdered;
    std::shuffle(names.begin(), names.end(), random);
    std::ranges::sort(names, natural_less);
    ASSERT_EQ(names, kOrdered);
  }
}

}  // namespace
}  // namespace archive
