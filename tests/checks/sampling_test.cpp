#include "checks/sampling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace archive {
namespace {

using testing::Contains;
using testing::ElementsAre;

constexpr SamplingPlan kPlan{0.05, 20, 0.95};

std::vector<PageNumber> pages(std::size_t count) {
  std::vector<PageNumber> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 1);
  return numbers;
}

TEST(Sampling, DrawsAShareButNeverTooFew) {
  EXPECT_EQ(sample_size(0, kPlan), 0u);
  EXPECT_EQ(sample_size(7, kPlan), 7u);
  EXPECT_EQ(sample_size(100, kPlan), 20u);
  EXPECT_EQ(sample_size(1001, kPlan), 51u);
}

TEST(Sampling, IsTheSameForTheSameSeedWhereverItIsDrawn) {
  // Written into reports: must never change.
  EXPECT_THAT(draw_sample(pages(10), {}, {0.3, 3, 0.95}, 1), ElementsAre(4, 8, 10));
  EXPECT_NE(draw_sample(pages(1000), {}, kPlan, 1), draw_sample(pages(1000), {}, kPlan, 2));
}

TEST(Sampling, DrawsEveryPageAboutAsOften) {
  std::vector<int> drawn(201);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (const PageNumber page : draw_sample(pages(200), {}, {0.1, 1, 0.95}, seed)) {
      ++drawn[static_cast<std::size_t>(page)];
    }
  }
  const auto [least, most] = std::minmax_element(drawn.begin() + 1, drawn.end());
  EXPECT_GT(*least, 150);  // 200 expected, standard deviation 13
  EXPECT_LT(*most, 250);
}

TEST(Sampling, HasThePagesThatFailedBefore) {
  const auto sample = draw_sample(pages(1000), {999, 5000}, kPlan, 3);
  EXPECT_THAT(sample, Contains(999));
  EXPECT_EQ(sample.size(), 50u) << "a page that is gone is not drawn";
}

TEST(Sampling, PassesAtItsLimitAndFailsBelow) {
  EXPECT_TRUE(sample_passes(100, 5, kPlan));
  EXPECT_FALSE(sample_passes(100, 6, kPlan));
  EXPECT_FALSE(sample_passes(20, 2, kPlan));
  EXPECT_TRUE(sample_passes(0, 0, kPlan));
}

}  // namespace
}  // namespace archive
