#include "core/page_order.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace archive {
namespace {

/// "1 2 ? 9u 4 3e": stamps in delivered order; ? unread, u unsure, e extra, s a sheet of the
/// volume.
std::vector<StampedPage> pages_of(const std::string& text) {
  std::vector<StampedPage> pages;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    StampedPage page;
    if (word.front() != '?') page.stamp = std::stoi(word);
    page.unsure = word.back() == 'u';
    page.extra = word.back() == 'e';
    page.sheet = word.back() == 's';
    pages.push_back(page);
  }
  return pages;
}

/// "1 2 3? 5x 4> - missing 6 7-8/1": number of each page, ? unread, x misread, > moved, - surplus;
/// then the numbers that are missing, with how many of them where not all are.
std::string text_of(const PageOrder& order) {
  std::string text;
  for (std::size_t i = 0; i < order.numbers.size(); ++i) {
    constexpr const char* kMarks[] = {"", "?", "x", ">", ""};
    const bool surplus = order.fits[i] == PageFit::surplus;
    text += (i == 0 ? "" : " ") + (surplus ? "-" : std::to_string(order.numbers[i])) +
            kMarks[static_cast<std::size_t>(order.fits[i])];
  }
  if (!order.missing.empty()) text += " missing";
  for (const MissingPages& run : order.missing) {
    text += " " + std::to_string(run.first);
    if (run.last > run.first) text += "-" + std::to_string(run.last);
    if (!run.exact()) text += "/" + std::to_string(run.pages);
  }
  return text;
}

struct Stamps {
  const char* name;
  const char* delivered;
  const char* explained;
  int last = 0;
};

void PrintTo(const Stamps& row, std::ostream* out) { *out << row.delivered; }

class PageOrderOf : public testing::TestWithParam<Stamps> {};

TEST_P(PageOrderOf, IsExplainedByTheFewestFaults) {
  const auto& row = GetParam();
  EXPECT_EQ(text_of(order_of(pages_of(row.delivered), 1, row.last)), row.explained);
}

INSTANTIATE_TEST_SUITE_P(
    Stamps, PageOrderOf,
    testing::Values(Stamps{"Nothing", "", ""}, Stamps{"Perfect", "1 2 3 4 5", "1 2 3 4 5"},
                    Stamps{"PageMissing", "1 2 4 5", "1 2 4 5 missing 3"},
                    Stamps{"FirstMissing", "2 3 4 5", "2 3 4 5 missing 1"},
                    Stamps{"RunMissing", "1 2 6 7 8 10", "1 2 6 7 8 10 missing 3-5 9"},
                    Stamps{"OneOfThreeMissing", "1 2 ? ? 6 7", "1 2 4? 5? 6 7 missing 3-5/1"},
                    Stamps{"Unread", "1 ? 3 ? ?", "1 2? 3 4? 5?"},
                    Stamps{"AllUnread", "? ? ?", "1? 2? 3?"},
                    Stamps{"Misread", "1 2 8 4 5", "1 2 3x 4 5"},
                    Stamps{"MisreadForAnother", "1 2 1 4 5", "1 2 3x 4 5"},
                    Stamps{"LastMisread", "1 2 3 4 8", "1 2 3 4 5x", 5},
                    Stamps{"UnsureNeighbours", "1 2u 7u 4 5", "1 2 3x 4 5"},
                    Stamps{"Swapped", "1 2 4 3 5", "1 2 4 3> 5"},
                    Stamps{"LastTwoSwapped", "1 2 3 5 4", "1 2 3 5> 4"},
                    Stamps{"SwappedAndOneUnread", "1 2 ? 3 5 6", "1 2 4> 3> 5 6"},
                    Stamps{"SwappedUnsure", "1 2 4u 3u 5", "1 2 4> 3> 5"},
                    Stamps{"BlockMoved", "1 2 6 7 8 3 4 5 9", "1 2 6> 7> 8> 3 4 5 9"},
                    Stamps{"MovedFar", "5 1 2 3 4 6 7", "5> 1 2 3 4 6 7"},
                    Stamps{"Foreign", "1 2 97 3 4", "1 2 - 3 4"},
                    Stamps{"ForeignAtTheEnd", "1 2 3 97", "1 2 3 -", 3},
                    Stamps{"NumberTwice", "1 2 2 3", "1 2 - 3"},
                    Stamps{"UnnumberedSheet", "1 2 ? 3 4", "1 2 - 3 4"},
                    Stamps{"SecondScanFillsNoGap", "1 2 2e 4 5", "1 2 - 4 5 missing 3"},
                    Stamps{"SheetFillsAGap", "1 2 ?s 4 5", "1 2 3? 4 5"},
                    Stamps{"SheetBetween", "1 2 ?s 3 4", "1 2 - 3 4"},
                    Stamps{"SeveralFaults", "2 1 3 4 4e 5 7 8", "2 1> 3 4 - 5 7 8 missing 6", 8}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(PageOrder, TheCatalogueHelpsWhereStampsDoNot) {
  // Without a stamp, the third page is number 4: there the catalogue has papers of its type.
  auto pages = pages_of("1 2 ? 3 5");
  pages[2].likely_first = pages[2].likely_last = 4;
  EXPECT_EQ(text_of(order_of(pages)), "1 2 4> 3 5");
}

TEST(PageOrder, MayBeginElsewhere) {
  EXPECT_EQ(first_number_of(pages_of("101 102 ? 104")), 101);
  EXPECT_EQ(first_number_of(pages_of("3 4 5")), 1);
  EXPECT_EQ(first_number_of(pages_of("? ?")), 1);
  EXPECT_EQ(text_of(order_of(pages_of("101 102 104"), 101)), "101 102 104 missing 103");
}

TEST(PageOrder, OfAsManyPagesAsAnyVolumeHas) {
  std::vector<StampedPage> pages(2'000);
  for (int i = 0; i < 2'000; ++i)
    pages[static_cast<std::size_t>(i)].stamp = i < 1'000 ? i + 1 : i + 2;
  const PageOrder order = order_of(pages);
  EXPECT_EQ(order.missing, (std::vector<MissingPages>{{1'001, 1'001, 1}}));
  EXPECT_EQ(order.end, 2'001);
}

TEST(PageOrder, OfMorePagesIsUnknown) {
  const PageOrder order = order_of(std::vector<StampedPage>(kOrderedPagesMax + 1, {.stamp = 7}));
  EXPECT_EQ(order.end, 0);
  EXPECT_TRUE(order.missing.empty());
}

}  // namespace
}  // namespace archive
