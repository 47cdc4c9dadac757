#include "ingest/dossier_checking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/vouchers.h"
#include "core/error.h"
#include "ingest/acceptance.h"
#include "ingest/assembly.h"
#include "store/archive_folder.h"
#include "tests/source_root.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const CheckTables& tables() {
  static const CheckTables kTables = CheckTables::load(source_root() / "config");
  return kTables;
}

struct CheckingTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  BatchNumber batch = records.open_batch("b", "b", {}).number;
  SourceRecord file = records.add_source(source(batch, "a/1.tif", "bytes", 3));
  const std::atomic<bool> go = false;

  /// A page of a form on which the birth date is said to be another than the number's.
  PageNumber put(int place, const std::string& birth_date) {
    PageRecord page = filed(file, place);
    page.doc_type = "DT04";
    page.fields = {field("person_name", "张三"), field("id_number", "11010519491231002X"),
                   field("birth_date", birth_date)};
    return records.put_page(page);
  }
  static FieldRecord field(const std::string& name, const std::string& value) {
    FieldRecord record;
    record.field = name;
    record.raw = record.value = value;
    record.confidence = 1;
    record.quad = square(10, 20);
    return record;
  }
  CheckingOutcome check(int threads = 1) {
    assemble_what_changed(records, tables().forms);
    return bring_checks_up_to_date(records, tables(), 0, threads, nullptr, go);
  }
  std::vector<std::string> rules_found() const {
    std::vector<std::string> rules;
    for (const DossierRecord& dossier : records.dossiers(batch)) {
      for (const FindingRecord& record : records.findings(dossier.number)) {
        rules.push_back(record.finding.rule);
      }
    }
    return rules;
  }
  void put_list(const std::string& birth_date) {
    ComparisonListRecord list;
    list.name = "persons";
    list.given_by = "Li";
    records.put_list(
        list,
        {{"persons", ListKind::person, 2, "11010519491231002X", "", {{"birth_date", birth_date}}}});
  }
};

TEST_F(CheckingTest, LooksAgainOnlyAtWhatChanged) {
  put(0, "1949-12-31");
  assemble_batch(records, tables().forms, batch);
  EXPECT_EQ(check().dossiers, 1);
  EXPECT_EQ(check().dossiers, 0);
  put(0, "1949-12-30");
  EXPECT_EQ(check().dossiers, 1) << "the page was read again";
  EXPECT_EQ(check().dossiers, 0);
}

TEST_F(CheckingTest, LooksAgainAtWhatAnOlderProgramChecked) {
  put(0, "1949-12-31");
  assemble_batch(records, tables().forms, batch);
  const auto waiting = records.dossiers_to_check("", 0, 0, 10);
  ASSERT_EQ(waiting.size(), 1u);
  records.put_findings({{waiting[0].number, waiting[0].revision, {}}}, tables().version);
  EXPECT_EQ(check().dossiers, 1) << "its tables were these, its rules were not";
  EXPECT_EQ(check().dossiers, 0);
}

TEST_F(CheckingTest, StopsWhenToldAndGoesOnLater) {
  put(0, "1949-12-31");
  assemble_batch(records, tables().forms, batch);
  const std::atomic<bool> stop = true;
  const CheckingOutcome stopped = bring_checks_up_to_date(records, tables(), 0, 1, nullptr, stop);
  EXPECT_TRUE(stopped.interrupted);
  EXPECT_EQ(stopped.dossiers, 0);
  EXPECT_EQ(check().dossiers, 1);
}

TEST_F(CheckingTest, R38_AListIsComparedAndNothingIsOverwritten) {
  const PageNumber page = put(0, "1949-12-31");
  assemble_batch(records, tables().forms, batch);
  check();
  const std::vector<std::string> before = rules_found();
  put_list("1950-01-01");
  check();
  std::vector<std::string> with_list = before;
  with_list.emplace_back("list");
  EXPECT_EQ(rules_found(), with_list);
  EXPECT_EQ(records.page(page)->fields[2].value, "1949-12-31");

  put_list("1949-12-31");
  check();
  EXPECT_EQ(rules_found(), before) << "the list of that name was replaced";
  EXPECT_TRUE(records.drop_list("persons"));
  EXPECT_FALSE(records.drop_list("persons"));
  EXPECT_THAT(records.lists(), IsEmpty());
}

TEST_F(CheckingTest, FindsTheSameForAnyNumberOfThreads) {
  for (int i = 0; i < 30; ++i) {
    const SourceRecord other = records.add_source(
        source(batch, "d" + std::to_string(i) + "/1.tif", "bytes" + std::to_string(i), 1));
    PageRecord page = filed(other, 0);
    page.doc_type = "DT04";
    page.fields = {field("id_number", "11010519491231002X"),
                   field("birth_date", i % 2 == 0 ? "1949-12-31" : "1948-12-31")};
    records.put_page(page);
  }
  put_list("1949-12-31");
  assemble_batch(records, tables().forms, batch);
  check(1);
  const std::vector<std::string> alone = rules_found();
  records.drop_list("persons");
  put_list("1949-12-31");
  check(8);
  EXPECT_EQ(rules_found(), alone);
  EXPECT_EQ(std::ranges::count(alone, "list"), 15);
}

// R30: papers of another category are put together and found, and no rule is asked of them.
TEST_F(CheckingTest, R30_PapersOfAnotherCategoryAreNotChecked) {
  put(0, "1949-12-30");
  assemble_batch(records, tables().forms, batch);
  records.open_batch("b", "b", {0, 0, "", "", 0, "文书档案"});
  EXPECT_EQ(check().dossiers, 0);
  EXPECT_THAT(rules_found(), IsEmpty());
  EXPECT_EQ(records.dossiers(batch).size(), 1U);
}

TEST_F(CheckingTest, R30_WhatWasFoundBeforeTheCategoryWasToldIsTakenBack) {
  put(0, "1949-12-30");
  assemble_batch(records, tables().forms, batch);
  check();
  ASSERT_THAT(rules_found(), testing::Contains("X01"));
  records.open_batch("b", "b", {0, 0, "", "", 0, "文书档案"});
  EXPECT_THAT(rules_found(), IsEmpty());
  EXPECT_EQ(check().dossiers, 0);
}

struct VoucherTest : CheckingTest {
  /// A payment in a dossier of its own.
  PageNumber pay(const std::string& dossier, const std::string& number, const std::string& amount) {
    const SourceRecord from =
        records.add_source(source(batch, dossier + "/1.tif", "bytes of " + dossier, 1));
    PageRecord page = filed(from, 0);
    page.doc_type = "DT09";
    page.fields = {field("voucher_no", number), field("amount_num", amount),
                   field("pay_date", "2021-05-01")};
    return records.put_page(page);
  }
  /// "page, page" of each X19 finding, dossier by dossier.
  std::vector<std::string> twice() const {
    std::vector<std::string> found;
    for (const DossierRecord& dossier : records.dossiers(batch)) {
      for (const FindingRecord& record : records.findings(dossier.number)) {
        if (record.finding.rule != "X19") continue;
        std::string places = record.finding.variant + ":";
        for (const FindingPlace& place : record.finding.places) {
          places += " " + std::to_string(place.page);
        }
        found.push_back(places);
      }
    }
    return found;
  }
  void assemble_and_check() {
    assemble_batch(records, tables().forms, batch);
    check();
  }
};

// R60, "Same number twice in two dossiers: X19": each of them names both places.
TEST_F(VoucherTest, R60_TheSameNumberTwiceInTwoDossiersIsX19) {
  pay("a", "12345678", "100.00");
  pay("b", "1234 5678", "250.00");
  pay("c", "12345679", "250.00");
  assemble_and_check();
  EXPECT_THAT(twice(), ElementsAre("store: 1 2", "store: 2 1"));
  const auto found = records.findings(records.dossiers(batch)[0].number);
  const auto x19 = std::ranges::find(
      found, "X19", [](const FindingRecord& record) { return record.finding.rule; });
  EXPECT_EQ(x19->finding.words.at("dossier"), std::to_string(records.dossiers(batch)[1].number));
}

TEST_F(VoucherTest, R60_ACopyOfAVoucherInAnotherDossierIsNone) {
  pay("a", "12345678", "100.00");
  pay("b", "12345678", "100.00");
  assemble_and_check();
  EXPECT_THAT(twice(), IsEmpty());
}

// What changes in one dossier is said in the other, which itself did not change.
TEST_F(VoucherTest, R60_KeepsInStepWithTheOtherDossier) {
  pay("a", "12345678", "100.00");
  pay("b", "12345679", "250.00");
  assemble_and_check();
  EXPECT_THAT(twice(), IsEmpty());
  pay("b", "12345678", "250.00");
  EXPECT_EQ(check().dossiers, 2) << "the one that was read again, and the one with its number";
  EXPECT_THAT(twice(), ElementsAre("store: 1 2", "store: 2 1"));
  EXPECT_EQ(check().dossiers, 0);
  pay("b", "12345678", "100.00");
  EXPECT_EQ(check().dossiers, 2);
  EXPECT_THAT(twice(), IsEmpty());
}

TEST_F(VoucherTest, R60_ADossierThatGoesAwayTakesItsNumbersAlong) {
  pay("a", "12345678", "100.00");
  pay("b", "12345678", "250.00");
  assemble_and_check();
  ASSERT_EQ(twice().size(), 2U);
  // The pages of b are put together with those of a.
  std::vector<Records::AssembledDossier> one(1);
  one[0].dossier = records.dossiers(batch)[0];
  for (const PageRecord& page : records.pages(batch)) one[0].pages.push_back({page.number, 0, 0});
  one[0].dossier.items.clear();
  one[0].facts = *records.facts(one[0].dossier.number);
  one[0].vouchers = vouchers_of(one[0].facts);
  records.assemble(batch, one);
  EXPECT_EQ(check().dossiers, 1);
  EXPECT_THAT(twice(), IsEmpty());
}

struct AcceptanceTest : CheckingTest {
  TemporaryFolder place;
  ArchiveFolder home = ArchiveFolder::create(place.path() / "archive", "");
  ObjectStore objects{home.objects(), false};
  SamplingPlan plan{0.05, 20, 0.95};

  BatchRecord complete() {
    for (int i = 0; i < 3; ++i) put(i, "1949-12-31");
    assemble_batch(records, tables().forms, batch);
    check();
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
    return *records.batch(batch);
  }
};

TEST_F(AcceptanceTest, IsRefusedForABatchThatIsNotComplete) {
  put(0, "1949-12-31");
  EXPECT_THROW(draw_acceptance(records, *records.batch(batch), plan, 1, "Li"), ArchiveError);
  EXPECT_THROW(latest_acceptance(records, *records.batch(batch)), ArchiveError);
}

TEST_F(AcceptanceTest, FilesAReportAndForcesWhatFailedIntoTheNextSample) {
  const BatchRecord record = complete();
  const AcceptanceRecord drawn = draw_acceptance(records, record, plan, 7, "Li");
  ASSERT_EQ(drawn.sample.size(), 3u);
  EXPECT_THROW(draw_acceptance(records, record, plan, 8, "Li"), ArchiveError) << "one is open";
  const PageNumber bad = drawn.sample[1].page;
  records.note_fault(drawn.number, bad, "corner lost", "Wang");
  EXPECT_THROW(records.note_fault(drawn.number, 9999, "x", "Wang"), std::invalid_argument);

  const AcceptanceRecord closed = close_acceptance(records, objects, record, "Li");
  EXPECT_FALSE(closed.passed);
  ASSERT_TRUE(closed.report_blob);
  const std::string report = objects.get(*closed.report_blob);
  EXPECT_THAT(report, testing::HasSubstr("corner lost"));
  EXPECT_THAT(report, testing::HasSubstr("\"seed\": 7"));
  bool filed_report = false;
  records.for_each_object([&](const BlobId& blob, std::string_view purpose) {
    filed_report |= blob == *closed.report_blob && purpose == "acceptance";
  });
  EXPECT_TRUE(filed_report);
  EXPECT_THROW(records.note_fault(drawn.number, bad, "", "Wang"), std::invalid_argument);
  EXPECT_THROW(close_acceptance(records, objects, record, "Li"), ArchiveError);

  const AcceptanceRecord again = draw_acceptance(records, record, plan, 9, "Li");
  EXPECT_TRUE(again.sample[1].forced);
  EXPECT_FALSE(again.sample[0].forced);
}

TEST_F(AcceptanceTest, IsNotPassedByDrawingAgain) {
  const BatchRecord record = complete();
  const AcceptanceRecord drawn = draw_acceptance(records, record, plan, 7, "Li");
  const PageNumber bad = drawn.sample[1].page;
  records.note_fault(drawn.number, bad, "corner lost", "Wang");
  close_acceptance(records, objects, record, "Li");

  const AcceptanceRecord again = draw_acceptance(records, record, plan, 9, "Li");
  EXPECT_EQ(again.sample[1].fault, "corner lost");
  EXPECT_EQ(again.sample[1].fault_by, "Wang");
  EXPECT_FALSE(close_acceptance(records, objects, record, "Li").passed);

  const AcceptanceRecord third = draw_acceptance(records, record, plan, 11, "Li");
  records.note_fault(third.number, bad, "", "Wang");
  EXPECT_TRUE(close_acceptance(records, objects, record, "Li").passed);
  EXPECT_EQ(draw_acceptance(records, record, plan, 12, "Li").sample[1].fault, "");
}

TEST_F(AcceptanceTest, CountsWhatTheProgramFound) {
  BatchRecord record = complete();
  PageRecord lost = filed(file, 2);
  lost.state = PageState::set_aside;
  lost.fault = PageFault{Stage::decode, FaultReason::damaged, ""};
  records.put_page(lost);
  check();
  record = *records.batch(batch);
  draw_acceptance(records, record, plan, 7, "Li");
  const AcceptanceRecord closed = close_acceptance(records, objects, record, "Li");
  EXPECT_EQ(closed.sample[2].machine_fault, "set_aside: damaged");
  EXPECT_FALSE(closed.passed);
}

}  // namespace
}  // namespace archive
