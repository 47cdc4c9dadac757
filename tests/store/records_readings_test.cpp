#include <gtest/gtest.h>

#include "store/records/decisions.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

struct ReadingsTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  BatchNumber batch = records.open_batch("box", "box", {}).number;
  SourceRecord file = records.add_source(source(batch, "1.tif", "bytes", 2));

  PageRecord read_with(const std::string& engine) {
    PageRecord page = full_page(file, 0);
    page.engines = R"([{"name":")" + engine + R"("}])";
    page.layout_blob = hash_of("layout by " + engine);
    page.alto_blob = hash_of("alto by " + engine);
    return page;
  }
  std::vector<std::string> purposes_of(const BlobId& wanted) {
    std::vector<std::string> found;
    records.for_each_object([&](const BlobId& blob, std::string_view purpose) {
      if (blob == wanted) found.emplace_back(purpose);
    });
    return found;
  }
};

TEST_F(ReadingsTest, AFirstReadingHasNoneBeforeIt) {
  const PageNumber page = records.put_page(read_with("old"));
  EXPECT_TRUE(records.readings(page).empty());
  EXPECT_TRUE(records.batches_to_assemble().empty());
}

TEST_F(ReadingsTest, WhatIsReplacedIsKeptWithWhatItWasReadWith) {
  const PageNumber page = records.put_page(read_with("old"));
  PageRecord second = read_with("new");
  second.fields[0].value = "another";
  records.put_page(second);
  const auto readings = records.readings(page);
  ASSERT_EQ(readings.size(), 1u);
  EXPECT_EQ(readings[0].number, 1);
  EXPECT_EQ(readings[0].engines, R"([{"name":"old"}])");
  EXPECT_EQ(readings[0].layout_blob, hash_of("layout by old"));
  EXPECT_EQ(readings[0].alto_blob, hash_of("alto by old"));
  EXPECT_EQ(readings[0].doc_type, "DT05");
  EXPECT_NE(readings[0].fields.find("张三"), std::string::npos);
  EXPECT_FALSE(readings[0].read_at.empty());
  EXPECT_LE(readings[0].read_at, readings[0].replaced_at);
  EXPECT_EQ(records.page(page)->engines, R"([{"name":"new"}])");

  records.put_page(read_with("newest"));
  ASSERT_EQ(records.readings(page).size(), 2u);
  EXPECT_EQ(records.readings(page)[1].number, 2);
  EXPECT_EQ(records.readings(page)[1].engines, R"([{"name":"new"}])");
}

TEST_F(ReadingsTest, TheirObjectsAreStillNeeded) {
  records.put_page(read_with("old"));
  records.put_page(read_with("new"));
  using Purposes = std::vector<std::string>;
  EXPECT_EQ(purposes_of(hash_of("layout by old")), Purposes{"earlier layout"});
  EXPECT_EQ(purposes_of(hash_of("alto by old")), Purposes{"earlier alto"});
  EXPECT_EQ(purposes_of(hash_of("layout by new")), Purposes{"layout"});
  EXPECT_TRUE(records.broken_references().empty());
}

TEST_F(ReadingsTest, ADecisionOfAPersonIsNoReading) {
  const PageNumber page = records.put_page(read_with("old"));
  PageRecord decided = read_with("old");
  decided.fields[0].value = "李四";
  decided.fields[0].by_person = true;
  records.put_page(decided);
  EXPECT_TRUE(records.readings(page).empty());
}

TEST_F(ReadingsTest, APageThatWasSetAsideHadNone) {
  const PageNumber page = records.put_page(set_aside(file, 0));
  records.put_page(read_with("new"));
  EXPECT_TRUE(records.readings(page).empty());
}

TEST_F(ReadingsTest, ABatchIsToBeAssembledUntilItIs) {
  records.put_page(read_with("old"));
  records.put_page(read_with("new"));
  EXPECT_EQ(records.batches_to_assemble(), std::vector<BatchNumber>{batch});
  records.assemble(batch, Records::Assembled{});
  EXPECT_TRUE(records.batches_to_assemble().empty());
}

TEST(Decisions, SettleTheReasonsTheyAnswer) {
  PageRecord before;
  before.doc_type_by_person = true;
  before.fields = {field("name", "张三")};
  before.fields[0].by_person = true;
  PageRecord fresh;
  fresh.fields = {field("name", "张王"), field("amount", "1.00")};
  fresh.fields[0].unsure = true;
  fresh.review_reasons = {"unsure_field", "unknown_type", "illegible"};
  EXPECT_EQ(with_decisions(before, fresh).review_reasons, std::vector<std::string>{"illegible"});
  fresh.fields[1].unsure = true;
  EXPECT_EQ(with_decisions(before, fresh).review_reasons,
            (std::vector<std::string>{"unsure_field", "illegible"}));
}

TEST(Decisions, WithoutAnyNothingIsDropped) {
  PageRecord fresh;
  fresh.review_reasons = {"unsure_field", "unknown_type"};
  EXPECT_EQ(with_decisions({}, fresh).review_reasons.size(), 2u);
  EXPECT_EQ(decisions_of(fresh), 0);
}

}  // namespace
}  // namespace archive
