#include "checks/four_properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/checks/fixtures.h"

// Every row of the four-property table: what passes it, and what does not.

namespace archive {
namespace {

using testing::HasSubstr;

FileEvidence sound_file() {
  FileEvidence file;
  file.source = 1;
  file.name = "a/1.tif";
  file.bytes = FileEvidence::Bytes::sound;
  file.size_recorded = file.size_found = 1000;
  file.kind_recorded = file.kind_found = SourceKind::tiff;
  file.pages_recorded = file.pages_found = 1;
  file.pages_opened = 1;
  file.malware = MalwareAnswer::clean;
  return file;
}

PageEvidence sound_page() {
  PageEvidence page;
  page.page = 1;
  page.source = "a/1.tif";
  page.received_on_record = page.filed_on_record = page.engines_on_record = true;
  return page;
}

/// A dossier with which nothing is wrong.
PropertyEvidence sound_dossier() {
  PropertyEvidence evidence;
  evidence.dossier.number = 3;
  evidence.dossier.dossier_no = "SB1-2017-6649";
  evidence.dossier.title = "张三参保登记材料";
  evidence.dossier.items = {{1, 3, 1, "缴费凭证", "缴费凭证", "2021-05-01", "1-1", "D50"}};
  evidence.facts =
      dossier_of({"DT09 voucher_no=12345678 amount_num=100.00 pay_date=2021-05-01 "
                  "agency_seal=章 | period_from=2021-04"});
  evidence.facts.pages[0].item_sequence = 1;
  evidence.files = {sound_file()};
  evidence.pages = {sound_page()};
  evidence.batch.number = 1;
  evidence.batch.state = BatchState::complete;
  evidence.batch.pages_expected = 1;
  evidence.batch.pages_received = 1;
  evidence.batch.files = 1;
  evidence.batch.bytes_recorded = evidence.batch.bytes_found = 1000;
  evidence.batch.accepted = true;
  evidence.assembled_on_record = true;
  evidence.scanner_configured = true;
  return evidence;
}

const PropertyResult& row_of(const std::vector<PropertyResult>& results, const std::string& code) {
  const auto found = std::ranges::find_if(
      results, [&code](const PropertyResult& result) { return result.row.code == code; });
  if (found == results.end()) throw std::runtime_error("no row " + code);
  return *found;
}

FindingRecord finding(const char* rule, const char* variant = "") {
  FindingRecord record;
  record.number = 7;
  record.finding.rule = rule;
  record.finding.variant = variant;
  record.finding.severity = fixture_tables().rules.rule(rule, variant)->severity;
  record.finding.places = {{1, "", -1, ""}};
  return record;
}

TEST(FourProperties, ASoundDossierPassesAllThatCanBePassed) {
  for (const PropertyResult& result : four_properties_of(sound_dossier(), fixture_tables())) {
    const PropertyCheck check = result.row.check;
    const bool package = check == PropertyCheck::package || check == PropertyCheck::medium;
    const PropertyVerdict expected = package ? PropertyVerdict::not_applicable
                                     : check == PropertyCheck::process ? PropertyVerdict::by_person
                                                                       : PropertyVerdict::passed;
    EXPECT_EQ(result.verdict, expected)
        << result.row.code << " " << (result.remarks.empty() ? "" : result.remarks[0].en);
    if (expected != PropertyVerdict::passed) {
      ASSERT_FALSE(result.remarks.empty()) << result.row.code << " does not say why";
    }
  }
}

struct Fault {
  const char* name;
  const char* code;
  PropertyVerdict verdict;
  const char* says;
  std::function<void(PropertyEvidence&)> spoil;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class FourPropertiesOf : public testing::TestWithParam<Fault> {};

TEST_P(FourPropertiesOf, SayWhatIsWrongAndNothingElse) {
  const Fault& fault = GetParam();
  PropertyEvidence evidence = sound_dossier();
  fault.spoil(evidence);
  const std::vector<PropertyResult> results = four_properties_of(evidence, fixture_tables());
  const PropertyResult& row = row_of(results, fault.code);
  EXPECT_EQ(row.verdict, fault.verdict);
  ASSERT_FALSE(row.remarks.empty());
  EXPECT_THAT(row.remarks.front().en, HasSubstr(fault.says));
  EXPECT_FALSE(row.remarks.front().zh.empty());
}

constexpr auto kFailed = PropertyVerdict::failed;
constexpr auto kByPerson = PropertyVerdict::by_person;
using Evidence = PropertyEvidence;

std::vector<Fault> faults() {
  return {
      {"DamagedObject", "1-1", kFailed, "do not agree with their digest",
       [](Evidence& e) { e.files[0].bytes = FileEvidence::Bytes::damaged; }},
      {"MissingObject", "1-1", kFailed, "is not in the store",
       [](Evidence& e) { e.files[0].bytes = FileEvidence::Bytes::missing; }},
      {"DamagedLayout", "1-1", kFailed, "(layout)",
       [](Evidence& e) { e.pages[0].objects_damaged = {"layout"}; }},
      {"NothingKept", "1-1", kByPerson, "hand it in again",
       [](Evidence& e) { e.files[0].bytes = FileEvidence::Bytes::none_kept; }},
      {"WrongValue", "1-2..1-6", kFailed, "X19",
       [](Evidence& e) { e.findings = {finding("X19")}; }},
      {"LostCharacter", "1-2..1-6", kFailed, "person_name",
       [](Evidence& e) {
         e.facts.pages[0].fields.push_back({"person_name", -1, "张\xEF\xBF\xBD", "", 1});
       }},
      {"NoNumber", "1-7", kByPerson, "no archive number",
       [](Evidence& e) { e.dossier.dossier_no.clear(); }},
      {"OddNumber", "1-7", kFailed, "none of the forms",
       [](Evidence& e) { e.dossier.dossier_no = "第三卷"; }},
      {"TwoNumbers", "1-7", kFailed, "X45", [](Evidence& e) { e.findings = {finding("X45")}; }},
      {"SameNumber", "1-8", kFailed, "dossier 9", [](Evidence& e) { e.same_number = {9}; }},
      {"SameItem", "1-8", kFailed, "item 2",
       [](Evidence& e) {
         e.dossier.items.push_back(e.dossier.items[0]);
         e.dossier.items[1].sequence = 2;
       }},
      {"OtherSize", "1-10", kFailed, "1000 bytes are recorded, there are 999",
       [](Evidence& e) { e.files[0].size_found = 999; }},
      {"OtherKind", "1-10", kFailed, "TIFF is recorded, the first bytes are PDF",
       [](Evidence& e) { e.files[0].kind_found = SourceKind::pdf; }},
      {"OtherExtension", "1-10", kFailed, "is named as JPEG and is TIFF",
       [](Evidence& e) { e.files[0].name = "a/1.JPG"; }},
      {"OtherPages", "1-10", kFailed, "1 pages are recorded, it has 2",
       [](Evidence& e) { e.files[0].pages_found = 2; }},
      {"LinkLost", "1-11", kFailed, "leads to no object",
       [](Evidence& e) { e.files[0].bytes = FileEvidence::Bytes::missing; }},
      {"AltoLost", "1-11", kFailed, "(alto)",
       [](Evidence& e) { e.pages[0].objects_missing = {"alto"}; }},
      {"PageLost", "2-1", kFailed, "the job sheet says 1 pages, 0",
       [](Evidence& e) { e.batch.pages_received = 0; }},
      {"Unaccounted", "2-1", kFailed, "neither filed nor set aside",
       [](Evidence& e) { e.batch.pages_unaccounted = 1; }},
      {"NobodyCounted", "2-1", kByPerson, "no job sheet",
       [](Evidence& e) { e.batch.pages_expected = 0; }},
      {"ItemsLost", "2-1", kFailed, "X46", [](Evidence& e) { e.findings = {finding("X46")}; }},
      {"BytesLost", "2-2", kFailed, "1000 bytes were received, 10 are kept",
       [](Evidence& e) { e.files[0].size_found = 10; }},
      {"BytesOfTheBatchLost", "2-2", kFailed, "of the batch 1000 bytes",
       [](Evidence& e) { e.batch.bytes_found = 999; }},
      {"NoTitle", "2-3", kFailed, "no title", [](Evidence& e) { e.dossier.title.clear(); }},
      {"NoDate", "2-3", kFailed, "item 1 has no date, page numbers",
       [](Evidence& e) {
         e.dossier.items[0].date.clear();
         e.dossier.items[0].pages_declared.clear();
       }},
      {"NotDecided", "2-3", kByPerson, "not decided",
       [](Evidence& e) { e.dossier.items[0].retention = "HOLD"; }},
      {"EmptyField", "2-4", kFailed, "DT09 lacks its mandatory field: Voucher number",
       [](Evidence& e) { e.facts.pages[0].fields.erase(e.facts.pages[0].fields.begin()); }},
      {"NotReceived", "2-5", kFailed, "receipt is not on record",
       [](Evidence& e) { e.pages[0].received_on_record = false; }},
      {"NotFiled", "2-5", kFailed, "neither filing",
       [](Evidence& e) { e.pages[0].filed_on_record = false; }},
      {"NotRead", "2-5", kFailed, "what read it",
       [](Evidence& e) { e.pages[0].engines_on_record = false; }},
      {"NotAssembled", "2-5", kFailed, "assembly",
       [](Evidence& e) { e.assembled_on_record = false; }},
      {"NotAccepted", "2-5", kByPerson, "not accepted",
       [](Evidence& e) { e.batch.accepted = false; }},
      {"GapInRows", "2-6", kFailed, "X43",
       [](Evidence& e) { e.findings = {finding("X43", "gap")}; }},
      {"PagesMissing", "2-7", kFailed, "X41",
       [](Evidence& e) { e.findings = {finding("X41", "missing")}; }},
      {"PaperMissing", "2-7", kFailed, "must_have",
       [](Evidence& e) { e.findings = {finding("must_have", "absent")}; }},
      {"BytesChanged", "2-7", kFailed, "lost or changed",
       [](Evidence& e) { e.files[0].bytes = FileEvidence::Bytes::damaged; }},
      {"SetAside", "2-7", kByPerson, "waits for a person",
       [](Evidence& e) { e.pages[0].set_aside = true; }},
      {"NoLayout", "3-2", kFailed, "cannot be read",
       [](Evidence& e) { e.pages[0].unreadable = true; }},
      {"NotOnTheList", "3-3", kFailed, "not on the list (ZIP)",
       [](Evidence& e) {
         e.files[0].kind_found = SourceKind::other;
         e.files[0].packed = "ZIP";
       }},
      {"DoesNotOpen", "3-3", kFailed, "does not open (damaged",
       [](Evidence& e) {
         e.files[0].fault = PageFault{Stage::decode, FaultReason::damaged, ""};
       }},
      {"PageDoesNotOpen", "3-3", kFailed, "page 3 does not open (truncated: ends early)",
       [](Evidence& e) {
         e.files[0].bad_pages.emplace_back(
             2, PageFault{Stage::decode, FaultReason::truncated, "ends early"});
       }},
      {"Encrypted", "3-8", kFailed, "encrypted", [](Evidence& e) { e.files[0].encrypted = true; }},
      {"NeedsAPassword", "3-8", kFailed, "encrypted",
       [](Evidence& e) {
         e.files[0].fault = PageFault{Stage::decode, FaultReason::encrypted, ""};
       }},
      {"Packed", "3-8", kFailed, "packed", [](Evidence& e) { e.files[0].packed = "ZIP"; }},
      {"NoScanner", "4-1", kByPerson, "site check",
       [](Evidence& e) { e.scanner_configured = false; }},
      {"Script", "4-2", kFailed, "JavaScript",
       [](Evidence& e) { e.files[0].active = {"JavaScript"}; }},
      {"Malware", "4-2", kFailed, "the malware scanner reports it",
       [](Evidence& e) { e.files[0].malware = MalwareAnswer::infected; }},
      {"ScannerFails", "4-2", kByPerson, "no result",
       [](Evidence& e) { e.files[0].malware = MalwareAnswer::failed; }},
      {"TooManyObjects", "4-2", kByPerson, "too many objects",
       [](Evidence& e) { e.files[0].partly_searched = true; }},
      {"NobodyScans", "4-2", kByPerson, "site check",
       [](Evidence& e) { e.scanner_configured = false; }},
  };
}

INSTANTIATE_TEST_SUITE_P(Faults, FourPropertiesOf, testing::ValuesIn(faults()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(FourProperties, WhatAPersonAcceptedAndWhatIsOnlyTold) {
  PropertyEvidence evidence = sound_dossier();
  evidence.findings = {finding("X19")};
  evidence.findings[0].state = FindingState::accepted;
  EXPECT_EQ(row_of(four_properties_of(evidence, fixture_tables()), "1-2..1-6").verdict,
            PropertyVerdict::passed);
  evidence.findings[0].state = FindingState::open;
  evidence.findings[0].finding.severity = Severity::info;
  EXPECT_EQ(row_of(four_properties_of(evidence, fixture_tables()), "1-2..1-6").verdict,
            PropertyVerdict::passed);
}

TEST(FourProperties, AFormOfSeveralPagesHasItsFieldsOnce) {
  PropertyEvidence evidence = sound_dossier();
  evidence.facts.pages.push_back(page_of("DT09 handler=甲", 2));
  evidence.facts.pages[1].item_sequence = 1;
  EXPECT_EQ(row_of(four_properties_of(evidence, fixture_tables()), "2-4").verdict,
            PropertyVerdict::passed);
  evidence.facts.pages[1].item_sequence = 2;
  EXPECT_EQ(row_of(four_properties_of(evidence, fixture_tables()), "2-4").verdict,
            PropertyVerdict::failed);
}

TEST(FourProperties, TheGravestRemarksComeFirstAndTheRestIsCounted) {
  PropertyEvidence evidence = sound_dossier();
  for (std::size_t i = 0; i < kRemarksMost + 5; ++i) {
    PageEvidence page = sound_page();
    page.set_aside = true;
    evidence.pages.push_back(page);
  }
  evidence.files[0].bytes = FileEvidence::Bytes::damaged;
  const auto results = four_properties_of(evidence, fixture_tables());
  const PropertyResult& row = row_of(results, "2-7");
  EXPECT_EQ(row.verdict, PropertyVerdict::failed);
  EXPECT_THAT(row.remarks.front().en, HasSubstr("lost or changed"));
  EXPECT_EQ(row.remarks.size(), kRemarksMost);
  EXPECT_EQ(row.remarks_left, 6);
}

// R49: what came in a package is as the sender counted it, or the rows of packages say so.
TEST(FourProperties, RowsOfPackagesAreAnsweredForADossierThatCameInOne) {
  for (const auto& [state, expected] :
       {std::pair(PackageState::accepted, PropertyVerdict::passed),
        std::pair(PackageState::handing_over, PropertyVerdict::failed),
        std::pair(PackageState::returned, PropertyVerdict::failed)}) {
    PropertyEvidence evidence = sound_dossier();
    evidence.package.emplace();
    evidence.package->package_id = "20261127-1";
    evidence.package->state = state;
    for (const char* code : {"1-14", "2-10", "2-11", "3-1", "4-3"}) {
      const auto results = four_properties_of(evidence, fixture_tables());
      EXPECT_EQ(row_of(results, code).verdict, expected) << code;
      EXPECT_THAT(row_of(results, code).remarks.at(0).en, HasSubstr("20261127-1"));
    }
  }
}

// A check that no row wants would never be made, and every row must be answerable.
TEST(FourProperties, EveryRowHasAFixtureThatFailsIt) {
  for (const FourPropertyRow& row : fixture_tables().four_properties.rows()) {
    if (row.check == PropertyCheck::package || row.check == PropertyCheck::medium ||
        row.check == PropertyCheck::process) {
      continue;
    }
    EXPECT_TRUE(std::ranges::any_of(faults(), [&row](const Fault& fault) {
      return row.code == fault.code;
    })) << row.code;
  }
}

}  // namespace
}  // namespace archive
