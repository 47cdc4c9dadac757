#include "core/page_range.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

using enum PageRangeFault;

struct Accepted {
  const char* name;
  const char* text;
  const char* value;
  int pages;
};
class AcceptedPageRange : public testing::TestWithParam<Accepted> {};

TEST_P(AcceptedPageRange, CountsItsPages) {
  const auto range = PageRange::parse(GetParam().text);
  ASSERT_TRUE(range);
  EXPECT_EQ(range->text(), GetParam().value);
  EXPECT_EQ(range->pages(), GetParam().pages);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, AcceptedPageRange,
    testing::Values(Accepted{"One", "5", "5", 1}, Accepted{"Some", "5-8", "5-8", 4},
                    Accepted{"LongDash", "5—8", "5-8", 4}, Accepted{"Tilde", "5～8", "5-8", 4},
                    Accepted{"Words", "第5页至第8页", "5-8", 4},
                    Accepted{"Padded", "005-008", "5-8", 4}, Accepted{"Spaced", "5 - 8", "5-8", 4},
                    Accepted{"SamePage", "7-7", "7", 1}),
    [](const auto& row) { return row.param.name; });

struct Refused {
  const char* name;
  const char* text;
  PageRangeFault fault;
};
class RefusedPageRange : public testing::TestWithParam<Refused> {};

TEST_P(RefusedPageRange, NamesTheFault) {
  const auto range = PageRange::parse(GetParam().text);
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedPageRange,
    testing::Values(Refused{"Nothing", "", shape}, Refused{"Letters", "5-B", shape},
                    Refused{"OpenEnd", "5-", shape}, Refused{"Three", "5-6-7", shape},
                    Refused{"TwoWithoutADash", "5 8", shape}, Refused{"Backwards", "8-5", order},
                    Refused{"PageZero", "0-3", range}, Refused{"TooFar", "1-100000", range},
                    Refused{"FarTooFar", "99999999999999", range}),
    [](const auto& row) { return row.param.name; });

TEST(PageRange, ContainsBothEnds) {
  const PageRange range = *PageRange::of(5, 8);
  EXPECT_TRUE(range.contains(5));
  EXPECT_TRUE(range.contains(8));
  EXPECT_FALSE(range.contains(9));
  EXPECT_FALSE(PageRange::of(8, 5));
  EXPECT_FALSE(PageRange::of(0, 5));
}

}  // namespace
}  // namespace archive
