#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/objects/compression.h"
#include "store/records/facts_bytes.h"
#include "store/records/records.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

/// A dossier with everything that facts may hold.
DossierFacts facts_with_everything() {
  DossierFacts facts;
  facts.number = 300;
  facts.batch = 1;
  facts.dossier_no = "SB1-2011-YL-0001";
  facts.title = "张三退休材料";
  facts.opened_by = "separator";
  facts.received_on = "2024-05-06";
  facts.items = {{1, "DT19", "退休审批表", "2011-03-02", "1-2", "D100", true},
                 {2, "", "", "", "", "HOLD", false}};
  PageFact page;
  page.number = 70'000;
  page.content = "ab#0";
  page.kind = PageKind::content;
  page.doc_type = "DT19";
  page.doc_type_confidence = 0.987;
  page.titled = true;
  page.rotation = 270;
  page.item_sequence = 1;
  page.page_of_item = 2;
  page.sketch = {1, 0xFFFFFFFF};
  page.fields = {{"months", -1, "壹佰", "100", 0.999, FieldValidity::suspicious, true, true, false},
                 {"pay_base", 12, "", "", 0, FieldValidity::invalid, false, false, true}};
  PageFact lost;
  lost.number = 70'001;
  lost.set_aside = true;
  lost.illegible = true;
  lost.kind = PageKind::separator;
  facts.pages = {page, lost};
  return facts;
}

TEST(FactsBytes, GiveBackWhatWentIn) {
  const DossierFacts facts = facts_with_everything();
  EXPECT_EQ(parse_facts(facts_bytes(facts)), facts);
  EXPECT_EQ(parse_facts(facts_bytes({})), DossierFacts{});
}

TEST(FactsBytes, CutOrForeignOnesAreRefusedAndNeverMisread) {
  const std::string content = expand(facts_bytes(facts_with_everything()));
  for (std::size_t size = 0; size < content.size(); ++size) {
    EXPECT_THROW(parse_facts(compress(content.substr(0, size))), ArchiveError) << size;
  }
  EXPECT_THROW(parse_facts(compress(content + "x")), ArchiveError);
  EXPECT_THROW(parse_facts(compress("\x07" + content.substr(1))), ArchiveError);
  EXPECT_THROW(parse_facts("no frame"), ArchiveError);
}

struct FindingsTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  BatchNumber batch = records.open_batch("b", "b", {}).number;
  PageNumber page = 0;
  DossierNumber dossier = 0;

  FindingsTest() {
    page = records.put_page(filed(records.add_source(source(batch, "1.tif", "bytes", 1)), 0));
    assemble("2011-03-02");
    dossier = records.dossiers(batch).front().number;
  }

  void assemble(const std::string& received_on) {
    Records::AssembledDossier made;
    made.dossier.key = "A";
    made.pages = {{page, 0, 0}};
    made.facts.received_on = received_on;
    records.assemble(batch, {made});
  }

  Finding finding(const std::string& printed) const {
    Finding made;
    made.rule = "X11";
    made.variant = "total";
    made.severity = Severity::error;
    made.places = {{page, "pay_base", 3, printed}, {page, "", -1, ""}};
    made.expected = "1200.00";
    made.words = {{"base", "6000.00"}};
    made.persons = {"11010519491231002X"};
    return made;
  }

  std::vector<Records::UncheckedDossier> to_check(const std::string& version = "v1") const {
    return records.dossiers_to_check(version, 0, 0, 10);
  }

  void put(const std::vector<Finding>& findings, const std::string& version = "v1") {
    std::int64_t revision = 1;
    for (const auto& waiting : records.dossiers_to_check("", 0, 0, 10)) revision = waiting.revision;
    records.put_findings({{dossier, revision, findings}}, version);
  }
};

TEST_F(FindingsTest, WaitForTheDossierTheTablesOrItsFactsToChange) {
  ASSERT_EQ(to_check().size(), 1u);
  EXPECT_EQ(parse_facts(to_check()[0].facts).number, dossier);
  put({});
  EXPECT_TRUE(to_check().empty());
  EXPECT_EQ(to_check("v2").size(), 1u);
  EXPECT_EQ(records.dossiers_to_check("v2", batch, 0, 10).size(), 1u);
  EXPECT_TRUE(records.dossiers_to_check("v2", batch + 1, 0, 10).empty());
  EXPECT_TRUE(records.dossiers_to_check("v2", 0, dossier, 10).empty());

  assemble("2011-03-02");
  EXPECT_TRUE(to_check().empty()) << "the same facts need no second look";
  assemble("2012-01-01");
  EXPECT_EQ(to_check().size(), 1u);
  EXPECT_EQ(records.facts(dossier)->received_on, "2012-01-01");
  EXPECT_FALSE(records.facts(dossier + 1));
}

TEST_F(FindingsTest, AreKeptAsTheyWereFound) {
  put({finding("6500.00")});
  const auto kept = records.findings(dossier);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].finding, finding("6500.00"));
  EXPECT_EQ(kept[0].state, FindingState::open);
  EXPECT_FALSE(kept[0].found_at.empty());
  const auto counts = records.finding_counts(0);
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].rule, "X11");
  EXPECT_EQ(counts[0].findings, 1);
  EXPECT_TRUE(records.finding_counts(batch + 1).empty());
}

TEST_F(FindingsTest, OfALaterRunTakeThePlaceOfTheOpenOnes) {
  put({finding("1"), finding("2")});
  const FindingNumber second = records.findings(dossier)[1].number;
  put({finding("2"), finding("3")});
  const auto kept = records.findings(dossier);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].number, second) << "the same finding keeps its number";
  EXPECT_EQ(kept[1].finding.places[0].printed, "3");
}

TEST_F(FindingsTest, KeepWhatAPersonDecidedEvenWhenTheyAreGoneForAWhile) {
  put({finding("1")});
  const FindingNumber number = records.findings(dossier)[0].number;
  records.decide_finding(number, FindingState::accepted, "as on the paper", "Li");
  put({});
  EXPECT_TRUE(records.findings(dossier).empty());
  EXPECT_FALSE(records.finding(number)->gone_at.empty());
  put({finding("1")});
  const auto kept = records.findings(dossier);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].number, number);
  EXPECT_EQ(kept[0].state, FindingState::accepted);
  EXPECT_EQ(kept[0].reason, "as on the paper");
  EXPECT_EQ(kept[0].decided_by, "Li");
}

TEST_F(FindingsTest, ThatAreMadeTwiceAreKeptOnce) {
  for (int run = 0; run < 2; ++run) {
    put({finding("1"), finding("1"), finding("2")});
    EXPECT_EQ(records.findings(dossier).size(), 2u) << run;
  }
}

TEST_F(FindingsTest, AreNotDecidedWithoutAReasonANameOrAFinding) {
  put({finding("1")});
  const FindingNumber number = records.findings(dossier)[0].number;
  EXPECT_THROW(records.decide_finding(number, FindingState::accepted, "", "Li"),
               std::invalid_argument);
  EXPECT_THROW(records.decide_finding(number, FindingState::accepted, "why", ""),
               std::invalid_argument);
  EXPECT_THROW(records.decide_finding(number + 1, FindingState::accepted, "why", "Li"),
               std::invalid_argument);
  EXPECT_EQ(records.findings(dossier)[0].state, FindingState::open);
}

TEST_F(FindingsTest, GoWithTheirDossier) {
  put({finding("1")});
  records.assemble(batch, Records::Assembled{});
  EXPECT_TRUE(records.findings(dossier).empty());
  EXPECT_TRUE(records.dossiers_to_check("v2", 0, 0, 10).empty());
  EXPECT_TRUE(records.broken_references().empty());
}

}  // namespace
}  // namespace archive
