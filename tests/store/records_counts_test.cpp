#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "store/records/records.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

struct CountsTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  BatchNumber batch = records.open_batch("b", "b", {}).number;
};

TEST_F(CountsTest, TellEveryKindOfPageApart) {
  const auto scan = records.add_source(source(batch, "1.tif", "a", 6));
  const auto twin = records.add_source(source(batch, "2.tif", "a", 1, 6));
  auto audio = source(batch, "3.wav", "b", 0, 7);
  audio.carrier = Carrier::audio;
  records.add_source(audio);
  PageRecord blank = filed(scan, 0), separator = filed(scan, 1), doubtful = filed(scan, 2);
  blank.kind = PageKind::blank;
  blank.doc_type.clear();
  separator.kind = PageKind::separator;
  separator.doc_type.clear();
  doubtful.review_reasons = {"unsure_field"};
  for (const PageRecord& page :
       {blank, separator, doubtful, filed(scan, 3), set_aside(scan, 4, FaultReason::truncated),
        set_aside(scan, 5, FaultReason::damaged), filed(twin, 0)}) {
    records.put_page(page);
  }
  const BatchCounts counts = records.counts(batch);
  EXPECT_EQ(counts.sources, 3);
  EXPECT_EQ(counts.carriers_kept, 1);
  EXPECT_EQ(counts.occurrences, 7);
  EXPECT_EQ(counts.filed, 5);
  EXPECT_EQ(counts.set_aside, 2);
  EXPECT_EQ(counts.blank, 1);
  EXPECT_EQ(counts.separators, 1);
  EXPECT_EQ(counts.review, 1);
  EXPECT_EQ(counts.repeats, 1);
  EXPECT_EQ(counts.set_aside_by_reason,
            (std::map<std::string, std::int64_t>{{"damaged", 1}, {"truncated", 1}}));
  EXPECT_EQ(counts.by_doc_type, (std::map<std::string, std::int64_t>{{"DT05", 3}}));
}

TEST_F(CountsTest, VerdictsOnPicturesAreCountedByVerdictAndRule) {
  const auto scan = records.add_source(source(batch, "1.tif", "a", 3));
  const BatchNumber other = records.open_batch("c", "c", {}).number;
  const auto elsewhere = records.add_source(source(other, "1.tif", "c", 1));
  records.put_page(full_page(scan, 0));
  records.put_page(filed(scan, 1));
  PageRecord good = full_page(scan, 2);
  good.quality = PageQuality{Verdict::accept, {{"grey", Verdict::accept, 8}}, {}};
  records.put_page(good);
  records.put_page(full_page(elsewhere, 0));
  using Counted = std::map<std::string, std::int64_t>;
  const BatchCounts counts = records.counts(batch);
  EXPECT_EQ(counts.by_quality, (Counted{{"accept", 1}, {"rescan", 1}}));
  EXPECT_EQ(counts.by_quality_rule, (Counted{{"badly_blurred", 1}, {"grey", 2}}));
  EXPECT_EQ(records.counts().by_quality, (Counted{{"accept", 1}, {"rescan", 2}}));
}

TEST_F(CountsTest, AnEmptyBatchCountsNothing) {
  EXPECT_EQ(records.counts(batch).occurrences, 0);
  EXPECT_EQ(records.counts().sources, 0);
  EXPECT_TRUE(records.gaps(batch).empty());
}

// The identity must be able to fail: a page that nobody filed or set aside is seen.
TEST_F(CountsTest, AForgottenPageShows) {
  const auto scan = records.add_source(source(batch, "1.tif", "a", 3));
  records.put_page(filed(scan, 0));
  records.put_page(filed(scan, 2));
  const BatchCounts counts = records.counts(batch);
  EXPECT_EQ(counts.occurrences, 3);
  EXPECT_EQ(counts.filed + counts.set_aside, 2);
  ASSERT_EQ(records.gaps(batch).size(), 1u);
  EXPECT_EQ(records.gaps(batch)[0].pages, 3);
  EXPECT_EQ(records.gaps(batch)[0].records, 2);
  records.put_page(set_aside(scan, 1));
  EXPECT_TRUE(records.gaps(batch).empty());
}

struct Gap {
  const char* name;
  int pages;
  int records;
  Carrier carrier;
  bool gap;
};
class SourceGaps : public testing::TestWithParam<Gap> {};

TEST_P(SourceGaps, AreSources) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  SourceRecord given = source(batch, "1", "a", GetParam().pages);
  given.carrier = GetParam().carrier;
  const SourceRecord file = records.add_source(given);
  for (int i = 0; i < GetParam().records; ++i) records.put_page(filed(file, i));
  EXPECT_EQ(!records.gaps(batch).empty(), GetParam().gap);
}

INSTANTIATE_TEST_SUITE_P(Kinds, SourceGaps,
                         testing::Values(Gap{"AllFiled", 2, 2, Carrier::image, false},
                                         Gap{"OneMissing", 2, 1, Carrier::image, true},
                                         Gap{"AllMissing", 2, 0, Carrier::image, true},
                                         Gap{"OneTooMany", 2, 3, Carrier::image, true},
                                         Gap{"NeverCounted", -1, 0, Carrier::image, true},
                                         Gap{"ImageWithoutPages", 0, 0, Carrier::image, true},
                                         Gap{"AudioKept", 0, 0, Carrier::audio, false},
                                         Gap{"UnreadableSetAside", 1, 1, Carrier::other, false}),
                         [](const auto& row) { return row.param.name; });

/// What the records should say, kept the simple way.
struct Model {
  struct Page {
    BatchNumber batch = 0;
    bool filed = false;
    PageKind kind = PageKind::content;
    bool review = false;
  };
  std::map<std::pair<SourceNumber, int>, Page> pages;
  std::map<SourceNumber, SourceRecord> sources;

  void expect(const BatchCounts& counts, BatchNumber batch) const {
    const auto in = [batch](BatchNumber of) { return batch == 0 || of == batch; };
    BatchCounts wanted;
    for (const auto& [number, file] : sources) {
      if (in(file.batch)) ++wanted.sources;
      if (in(file.batch)) wanted.occurrences += file.pages;
    }
    for (const auto& [place, page] : pages) {
      if (!in(page.batch)) continue;
      (page.filed ? wanted.filed : wanted.set_aside) += 1;
      wanted.blank += page.filed && page.kind == PageKind::blank ? 1 : 0;
      wanted.separators += page.filed && page.kind == PageKind::separator ? 1 : 0;
      wanted.review += page.filed && page.review ? 1 : 0;
      wanted.repeats += sources.at(place.first).repeat_of != 0 ? 1 : 0;
    }
    EXPECT_EQ(counts.sources, wanted.sources);
    EXPECT_EQ(counts.occurrences, wanted.occurrences);
    EXPECT_EQ(counts.filed, wanted.filed);
    EXPECT_EQ(counts.set_aside, wanted.set_aside);
    EXPECT_EQ(counts.blank, wanted.blank);
    EXPECT_EQ(counts.separators, wanted.separators);
    EXPECT_EQ(counts.review, wanted.review);
    EXPECT_EQ(counts.repeats, wanted.repeats);
  }
};

class RandomHistory : public testing::TestWithParam<unsigned> {};

TEST_P(RandomHistory, IsCountedLikeTheModel) {
  std::mt19937 random(GetParam());
  const auto below = [&random](unsigned limit) { return static_cast<int>(random() % limit); };
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  std::vector<BatchNumber> batches;
  for (const char* key : {"a", "b", "c"})
    batches.push_back(records.open_batch(key, key, {}).number);
  Model model;
  for (int step = 0; step < 150; ++step) {
    const BatchNumber batch = batches[static_cast<std::size_t>(below(3))];
    if (model.sources.empty() || below(4) == 0) {
      const SourceRecord file = records.add_source(
          source(batch, std::to_string(below(8)), std::to_string(below(5)), 1 + below(6)));
      model.sources.emplace(file.number, file);
      continue;
    }
    auto chosen = model.sources.begin();
    std::advance(chosen, below(static_cast<unsigned>(model.sources.size())));
    const SourceRecord& file = chosen->second;
    const int place = below(static_cast<unsigned>(file.pages));
    const bool good = below(3) != 0;
    PageRecord page = good ? filed(file, place) : set_aside(file, place);
    page.kind = static_cast<PageKind>(below(3));
    if (below(2) == 0) page.review_reasons = {"unsure_field"};
    records.put_page(page);
    model.pages[{file.number, place}] = {file.batch, good, page.kind, !page.review_reasons.empty()};
  }
  for (const BatchNumber batch : batches) model.expect(records.counts(batch), batch);
  model.expect(records.counts(), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomHistory, testing::Range(1U, 11U));

}  // namespace
}  // namespace archive
