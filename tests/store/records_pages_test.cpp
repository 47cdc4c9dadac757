#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/records/records.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

struct PagesTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  BatchNumber batch = records.open_batch("b", "b", {}).number;
  SourceRecord file = records.add_source(source(batch, "1.tif", "bytes", 3));

  PageNumber put(const PageRecord& page) { return records.put_page(page); }
  PageRecord get(PageNumber number) const { return records.page(number).value(); }
};

// R24: a value is refused that nobody could find on a picture.
TEST_F(PagesTest, R24_AValueWithoutAPlaceIsRefused) {
  PageRecord page = filed(file, 0);
  page.fields = {field("person_name", "张三")};
  const PageNumber number = put(page);
  EXPECT_EQ(get(number).fields[0].quad, page.fields[0].quad);
  page.fields[0].value = "李四";
  page.fields[0].quad = {};
  EXPECT_THROW(put(page), std::invalid_argument);
  page.fields[0].quad = Quad::of({0, 0, std::nan(""), 10});
  EXPECT_THROW(put(page), std::invalid_argument);
  EXPECT_EQ(get(number).fields[0].value, "张三") << "nothing was changed";
  EXPECT_EQ(get(number).source_blob, file.blob) << "and the picture has its hash";
}

TEST_F(PagesTest, EveryMemberComesBack) {
  const PageRecord put_in = full_page(file, 1);
  const PageRecord page = get(put(put_in));
  EXPECT_EQ(page.occurrence.batch, batch);
  EXPECT_EQ(page.occurrence.source, file.number);
  EXPECT_EQ(page.occurrence.page_in_file, 1);
  EXPECT_EQ(page.occurrence.order, 1);
  EXPECT_EQ(page.source_name, "1.tif");
  EXPECT_EQ(page.source_blob, hash_of("bytes"));
  EXPECT_EQ(page.state, PageState::filed);
  EXPECT_FALSE(page.fault);
  EXPECT_EQ(page.review_reasons, put_in.review_reasons);
  EXPECT_EQ(page.width, 2480);
  EXPECT_EQ(page.height, 3508);
  EXPECT_EQ(page.dpi_x, 300);
  EXPECT_EQ(page.dpi_y, 299.5);
  EXPECT_EQ(page.bits_per_pixel, 24);
  EXPECT_EQ(page.rotation, 270);
  EXPECT_EQ(page.skew_degrees, -1.25);
  EXPECT_EQ(page.kind, PageKind::content);
  EXPECT_EQ(page.doc_type, "DT05");
  EXPECT_EQ(page.doc_type_confidence, 0.75);
  EXPECT_FALSE(page.doc_type_by_person);
  EXPECT_EQ(page.title, "退休审批表");
  EXPECT_EQ(page.evidence, put_in.evidence);
  EXPECT_EQ(page.text_confidence, 0.5);
  EXPECT_TRUE(page.illegible);
  EXPECT_EQ(page.side_pages, 2);
  EXPECT_EQ(page.dark_borders, "left,top");
  EXPECT_EQ(page.layout_blob, put_in.layout_blob);
  EXPECT_EQ(page.alto_blob, put_in.alto_blob);
  EXPECT_EQ(page.engines, put_in.engines);
  EXPECT_EQ(page.config_version, put_in.config_version);
  EXPECT_EQ(page.filed_at, put_in.filed_at);
  EXPECT_EQ(page.dossier, 0);
}

TEST_F(PagesTest, WhatIsSaidOfThePictureComesBack) {
  const PageRecord put_in = full_page(file, 1);
  const PageRecord page = get(put(put_in));
  ASSERT_TRUE(page.quality);
  EXPECT_EQ(page.quality->verdict, Verdict::rescan);
  EXPECT_EQ(page.quality->findings, put_in.quality->findings);
  EXPECT_EQ(page.quality->measures.blur_mm, 0.25);
  EXPECT_EQ(page.quality->measures.bits, 8);
  EXPECT_FALSE(page.quality->measures.dpi);
}

TEST_F(PagesTest, APageThatWasNotMeasuredHasNoVerdictAndAnewOneReplacesTheOld) {
  EXPECT_FALSE(get(put(filed(file, 0))).quality);
  put(full_page(file, 1));
  PageRecord again = full_page(file, 1);
  again.quality = PageQuality{Verdict::accept, {}, {}};
  const PageRecord page = get(put(again));
  EXPECT_EQ(page.quality->verdict, Verdict::accept);
  EXPECT_TRUE(page.quality->findings.empty());
  EXPECT_FALSE(page.quality->measures.blur_mm);
}

TEST_F(PagesTest, EveryMarkOnAPageComesBackInOrder) {
  const PageRecord page = get(put(full_page(file, 0)));
  ASSERT_EQ(page.codes.size(), 2u);
  EXPECT_EQ(page.codes[0].symbology, "QR-CODE");
  EXPECT_EQ(page.codes[0].text, "DA|X|1");
  EXPECT_EQ(page.codes[1].quad, square(3, 4));
  ASSERT_EQ(page.seals.size(), 1u);
  EXPECT_EQ(page.seals[0].colour, "red");
  EXPECT_EQ(page.seals[0].shape, "round");
  EXPECT_EQ(page.seals[0].text, "社会保险");
  EXPECT_EQ(page.seals[0].quad, square(5, 6));
  ASSERT_EQ(page.pairs.size(), 1u);
  EXPECT_EQ(page.pairs[0].label, "姓名");
  EXPECT_EQ(page.pairs[0].value, "张三");
  EXPECT_EQ(page.pairs[0].label_quad, square(7, 8));
  EXPECT_EQ(page.pairs[0].value_quad, square(9, 10));
  EXPECT_EQ(page.pairs[0].confidence, 0.25);
}

TEST_F(PagesTest, EveryFieldComesBackInOrder) {
  const PageRecord page = get(put(full_page(file, 0)));
  ASSERT_EQ(page.fields.size(), 3u);
  EXPECT_EQ(page.fields[0].field, "name");
  EXPECT_EQ(page.fields[0].row, -1);
  EXPECT_EQ(page.fields[0].raw, "raw 张三");
  EXPECT_EQ(page.fields[0].value, "张三");
  EXPECT_EQ(page.fields[0].confidence, 0.875);
  EXPECT_EQ(page.fields[0].quad, square(10, 20));
  EXPECT_EQ(page.fields[1].value, "1234.50") << "money is a text, not a number";
  EXPECT_EQ(page.fields[1].validity, FieldValidity::suspicious);
  EXPECT_EQ(page.fields[1].problem, "V07 sum");
  EXPECT_EQ(page.fields[2].row, 1);
  EXPECT_TRUE(page.fields[2].unsure);
  EXPECT_TRUE(page.fields[2].handwritten);
}

TEST_F(PagesTest, APageSetAsideSaysWhy) {
  const PageRecord page = get(put(set_aside(file, 2, FaultReason::decoder_timeout)));
  EXPECT_EQ(page.state, PageState::set_aside);
  ASSERT_TRUE(page.fault);
  EXPECT_EQ(page.fault->stage, Stage::decode);
  EXPECT_EQ(page.fault->reason, FaultReason::decoder_timeout);
  EXPECT_EQ(page.fault->detail, "strip 3");
}

TEST_F(PagesTest, SetAsideWithoutAReasonAndFiledWithOneAreRefused) {
  PageRecord silent = set_aside(file, 0);
  silent.fault.reset();
  EXPECT_THROW(put(silent), ArchiveError);
  PageRecord faulty = filed(file, 0);
  faulty.fault = PageFault{};
  EXPECT_THROW(put(faulty), ArchiveError);
  EXPECT_TRUE(records.pages_done(file.number).empty());
}

TEST_F(PagesTest, APageOfNoSourceOrOfAnotherBatchIsRefused) {
  PageRecord page = filed(file, 0);
  page.occurrence.source = 77;
  EXPECT_THROW(put(page), ArchiveError);
  page = filed(file, 0);
  page.occurrence.batch = records.open_batch("other", "other", {}).number;
  EXPECT_THROW(put(page), ArchiveError);
}

TEST_F(PagesTest, AnOccurrenceIsReplacedAndKeepsItsNumber) {
  const PageNumber first = put(set_aside(file, 0));
  put(filed(file, 1));
  EXPECT_EQ(put(full_page(file, 0)), first);
  EXPECT_EQ(get(first).fields.size(), 3u);
  EXPECT_FALSE(get(first).fault);
  EXPECT_EQ(put(filed(file, 0)), first);
  EXPECT_TRUE(get(first).fields.empty());
  EXPECT_TRUE(get(first).codes.empty());
  EXPECT_TRUE(get(first).seals.empty());
  EXPECT_TRUE(get(first).pairs.empty());
  EXPECT_EQ(records.pages(batch).size(), 2u);
  EXPECT_EQ(records.pages_done(file.number), (std::set<int>{0, 1}));
}

TEST_F(PagesTest, WhatAPersonDecidedSurvivesTheNextRun) {
  PageRecord decided = full_page(file, 0);
  decided.fields[1].value = "9999.00";
  decided.fields[1].by_person = true;
  decided.doc_type = "DT11";
  decided.doc_type_confidence = 1;
  decided.doc_type_by_person = true;
  const PageNumber number = put(decided);

  PageRecord machine = full_page(file, 0);
  machine.fields[0].value = "李四";
  machine.fields.push_back(field("extra", "x"));
  put(machine);
  const PageRecord page = get(number);
  EXPECT_EQ(page.doc_type, "DT11");
  EXPECT_EQ(page.doc_type_confidence, 1);
  EXPECT_TRUE(page.doc_type_by_person);
  ASSERT_EQ(page.fields.size(), 4u);
  EXPECT_EQ(page.fields[0].value, "李四");
  EXPECT_EQ(page.fields[1].value, "9999.00");
  EXPECT_TRUE(page.fields[1].by_person);
  EXPECT_EQ(page.fields[2].value, "0.10") << "another row is another field";
  EXPECT_EQ(page.fields[3].value, "x");
}

TEST_F(PagesTest, WhatAPersonDecidedSurvivesEvenAFault) {
  PageRecord decided = full_page(file, 0);
  decided.fields[0].by_person = true;
  const PageNumber number = put(decided);
  put(set_aside(file, 0));
  ASSERT_EQ(get(number).fields.size(), 1u);
  EXPECT_EQ(get(number).fields[0].value, "张三");
  put(full_page(file, 0));
  EXPECT_TRUE(get(number).fields[0].by_person);
  EXPECT_EQ(get(number).fields.size(), 3u);
}

TEST_F(PagesTest, ALaterDecisionTakesTheEarliersPlace) {
  PageRecord page = full_page(file, 0);
  page.fields[0].by_person = true;
  page.doc_type_by_person = true;
  const PageNumber number = put(page);
  page.fields[0].value = "王五";
  page.doc_type = "DT12";
  put(page);
  EXPECT_EQ(get(number).fields[0].value, "王五");
  EXPECT_EQ(get(number).doc_type, "DT12");
  EXPECT_EQ(get(number).fields.size(), 3u);
}

TEST_F(PagesTest, AllPagesAreVisitedInNumberOrderAndMayBeWrittenMeanwhile) {
  SourceRecord large = records.add_source(source(batch, "2.tif", "more", 1203, 3));
  for (int i = 0; i < 1203; ++i) put(filed(large, i));
  PageNumber last = 0;
  int seen = 0;
  records.for_each_page([&](const PageRecord& page) {
    EXPECT_GT(page.number, last);
    last = page.number;
    if (++seen % 100 == 0) put(page);
  });
  EXPECT_EQ(seen, 1203);
}

TEST_F(PagesTest, PagesComeInDeliveredOrder) {
  PageRecord later = filed(file, 0);
  later.occurrence.order = 9;
  const PageNumber first = put(later);
  const PageNumber second = put(filed(file, 1));
  const auto pages = records.pages(batch);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages[0].number, second);
  EXPECT_EQ(pages[1].number, first);
}

TEST_F(PagesTest, WhatChangedIsToBeIndexedUntilItIsMarked) {
  const PageNumber a = put(filed(file, 0)), b = put(filed(file, 1));
  EXPECT_EQ(records.pages_to_index(10), (std::vector<PageNumber>{a, b}));
  EXPECT_EQ(records.pages_to_index(1), (std::vector<PageNumber>{a}));
  records.mark_indexed({a});
  EXPECT_EQ(records.pages_to_index(10), (std::vector<PageNumber>{b}));
  records.mark_indexed({b});
  EXPECT_TRUE(records.pages_to_index(10).empty());
  put(filed(file, 0));
  EXPECT_EQ(records.pages_to_index(10), (std::vector<PageNumber>{a}));
  records.mark_all_unindexed();
  EXPECT_EQ(records.pages_to_index(10), (std::vector<PageNumber>{a, b}));
}

// The page went into the index as it was filed; before the index committed, assembly
// gave it a dossier. Marking it now must not claim that the index knows.
TEST_F(PagesTest, AChangeBetweenIndexingAndMarkingIsNotForgotten) {
  const PageNumber page = put(filed(file, 0));
  Records::AssembledDossier dossier;
  dossier.dossier.key = "d";
  dossier.pages = {{page, 0, 0}};
  records.assemble(batch, {dossier});
  records.mark_indexed({page});
  EXPECT_EQ(records.pages_to_index(10), (std::vector<PageNumber>{page}));
  records.mark_indexed(records.pages_to_index(10));
  EXPECT_TRUE(records.pages_to_index(10).empty());
}

TEST_F(PagesTest, ObjectsComeInHashOrderWithTheirPurpose) {
  const PageNumber number = put(full_page(file, 0));
  records.close_batch(batch, BatchState::complete, "", hash_of("report"));
  std::vector<std::pair<BlobId, std::string>> objects;
  records.for_each_object(
      [&](const BlobId& blob, std::string_view purpose) { objects.emplace_back(blob, purpose); });
  std::vector<std::pair<BlobId, std::string>> expected = {{hash_of("bytes"), "source"},
                                                          {hash_of("layout"), "layout"},
                                                          {hash_of("alto"), "alto"},
                                                          {hash_of("report"), "report"}};
  std::ranges::sort(expected);
  EXPECT_EQ(objects, expected);
  records.for_each_reference([&](const BlobId&, std::string_view purpose, std::int64_t of) {
    EXPECT_EQ(of, purpose == "source" ? file.number : purpose == "report" ? batch : number);
  });
}

TEST_F(PagesTest, NothingIsThereForANumberNobodyHas) {
  EXPECT_FALSE(records.page(99));
  EXPECT_FALSE(records.source(99));
  EXPECT_FALSE(records.batch(99));
  EXPECT_FALSE(records.dossier(99));
}

}  // namespace
}  // namespace archive
