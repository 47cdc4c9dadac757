#include "checks/completeness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "checks/dossier_checks.h"
#include "tests/checks/volume_fixture.h"
#include "tests/config/temporary_folder.h"

namespace archive {
namespace {

using Strings = std::vector<std::string>;

/// A dossier of loose papers, without cover and catalogue: one page for each type.
TestVolume papers(const std::vector<std::string>& doc_types) {
  TestVolume volume;
  volume.facts = {};
  for (const std::string& type : doc_types) {
    volume.facts.pages.push_back(volume.new_page(type, kOwnId, "李示例"));
  }
  return volume;
}

Strings lacking(const DossierFacts& facts) {
  const DossierView view(facts);
  const Subject subject(view, check_tables());
  const Volume volume(subject);
  Strings types;
  for (const LackingPaper& lack : lacking_papers(view, volume, check_tables())) {
    types.push_back(lack.business->id + " " + lack.paper->doc_types.front());
  }
  return types;
}

// R7: take one mandatory sheet away, and the report names exactly it.
TEST(Completeness, R7NamesExactlyThePaperThatIsMissing) {
  for (const auto& [stamp, type] : {std::pair(2, "DT20"), std::pair(3, "DT37")}) {
    TestVolume volume;
    volume.remove(stamp);
    EXPECT_EQ(found_in(volume.facts), Strings{std::string("must_have/listed ") + type});
  }
  for (const char* sheet : {"DT01", "DT03"}) {
    TestVolume volume;
    volume.remove_sheet(sheet);
    EXPECT_EQ(found_in(volume.facts), Strings{std::string("must_have/sheet ") + sheet});
  }
  // Neither in the volume nor in its catalogue.
  TestVolume volume;
  volume.page(3).doc_type = "DT46";
  volume.set_row(2, "item_title", "情况说明");
  EXPECT_EQ(found_in(volume.facts), Strings{"must_have/absent DT37"});
}

TEST(Completeness, TellsAbsentFromUnreadable) {
  TestVolume volume;
  volume.page(3).illegible = true;
  EXPECT_EQ(found_in(volume.facts), Strings{"must_have/unreadable DT37"});
  volume.page(3).illegible = false;
  volume.page(3).set_aside = true;
  volume.page(3).doc_type.clear();
  EXPECT_EQ(found_in(volume.facts), Strings{"must_have/unreadable DT37"});
}

TEST(Completeness, NobodyIsNoAgent) {
  TestVolume volume = papers({"DT13", "DT14", "DT15"});
  EXPECT_EQ(lacking(volume.facts), Strings{});
  TestVolume::set(volume.facts.pages[0], "agent_name", "无");
  EXPECT_EQ(lacking(volume.facts), Strings{});
  TestVolume::set(volume.facts.pages[0], "agent_name", "吴无双");
  EXPECT_EQ(lacking(volume.facts), Strings{"transfer_in DT43"});
}

TEST(Completeness, BelievesTheCatalogueWhereAFormWasNotRecognised) {
  TestVolume volume;
  volume.page(3).doc_type = "DT99";
  EXPECT_EQ(found_in(volume.facts), Strings{});
}

TEST(Completeness, APaperOfAnotherPersonDoesNotCount) {
  TestVolume volume;
  TestVolume::set(volume.page(3), "id_number", kOtherId);
  TestVolume::set(volume.page(3), "person_name", "陈样本");
  TestVolume::set(volume.page(3), "page_no", "97");
  volume.remove_row(2);
  EXPECT_THAT(found_in(volume.facts), testing::Contains("must_have/absent DT37"));
}

struct Told {
  const char* name;
  const char* title;
  std::vector<std::string> doc_types;
  Strings businesses;
};

void PrintTo(const Told& told, std::ostream* out) { *out << told.name; }

class BusinessOf : public testing::TestWithParam<Told> {};

TEST_P(BusinessOf, IsToldByTitleOrPrincipalPaper) {
  TestVolume volume = papers(GetParam().doc_types);
  volume.facts.title = GetParam().title;
  const DossierView view(volume.facts);
  const Subject subject(view, check_tables());
  const Volume read(subject);
  Strings ids;
  for (const Business* business : businesses_of(view, read, check_tables())) {
    ids.push_back(business->id);
  }
  EXPECT_EQ(ids, GetParam().businesses);
}

INSTANTIATE_TEST_SUITE_P(
    Dossiers, BusinessOf,
    testing::Values(
        Told{"Title", "张三退休及养老待遇核定材料", {"DT37"}, {"retire"}},
        Told{"TitleMisread", "张三生育津帖申领、工伤保睑待遇材料", {"DT31"}, {"injury_benefit"}},
        Told{"TwoInOneTitle", "张三补缴审批及退休审批材料", {}, {"backpay", "retire"}},
        Told{"TransferOut", "张三养老保险关系转移接续材料", {"DT12", "DT14"}, {"transfer_out"}},
        Told{"TransferIn",
             "张三养老保险关系转移接续材料",
             {"DT13", "DT12"},
             {"transfer_in", "transfer_out"}},
        Told{"PrincipalPaper", "社会保险业务档案", {"DT32", "DT37"}, {"unemploy"}},
        Told{"EnclosuresTellNothing", "", {"DT19", "DT04", "DT07", "DT12"}, {"retire"}},
        Told{"EnrolmentAlone", "", {"DT04", "DT39"}, {"enrol"}},
        Told{"TwoBusinesses", "", {"DT17", "DT32"}, {"refund", "unemploy"}},
        Told{"Nothing", "", {"DT37", "DT46"}, {}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Completeness, AConditionalPaperIsNeededWhereItsConditionHolds) {
  TestVolume volume;
  TestVolume::set(volume.page(1), "deemed_months", "0");
  EXPECT_EQ(lacking(volume.facts), Strings{});
  TestVolume::set(volume.page(1), "deemed_months", "130");
  EXPECT_EQ(lacking(volume.facts), Strings{"retire DT21"});
  EXPECT_EQ(found_in(volume.facts), Strings{"must_have/conditional DT21"});
  TestVolume::doubt(volume.page(1), "deemed_months");
  EXPECT_EQ(lacking(volume.facts), Strings{});
  TestVolume::set(volume.page(1), "retire_kind", "特殊工种");
  EXPECT_EQ(lacking(volume.facts), Strings{"retire DT22"});
}

/// What is said of the confirmation of deemed months: variant of must_have, or X15.
Strings said_of_confirmation(const DossierFacts& facts) {
  Strings said;
  for (const Finding& finding : check_dossier(facts, check_tables())) {
    if (finding.rule == "X15") said.push_back("X15");
    if (finding.rule == "must_have" && finding.expected == "DT21") said.push_back(finding.variant);
  }
  return said;
}

// X15 shows where the months stand; must_have knows of the catalogue and of unreadable pages.
TEST(Completeness, AMissingConfirmationOfDeemedMonthsIsSaidOnce) {
  TestVolume volume = papers({"DT20"});
  volume.facts.title = "李示例退休待遇核定材料";
  TestVolume::set(volume.facts.pages[0], "deemed_months", "0");
  EXPECT_EQ(said_of_confirmation(volume.facts), Strings{});
  TestVolume::set(volume.facts.pages[0], "deemed_months", "51");
  EXPECT_EQ(said_of_confirmation(volume.facts), Strings{"X15"});
  // An approval of the retirement is enough for X15, not for the list of papers.
  volume.facts.pages.push_back(volume.new_page("DT19", kOwnId, "李示例"));
  EXPECT_EQ(said_of_confirmation(volume.facts), Strings{"conditional"});
  volume.facts.pages.pop_back();
  volume.facts.pages.push_back(volume.new_page("DT21", kOwnId, "李示例"));
  EXPECT_EQ(said_of_confirmation(volume.facts), Strings{});
  volume.facts.pages.back().set_aside = true;
  EXPECT_EQ(said_of_confirmation(volume.facts), Strings{"unreadable"});
}

// R62: 逾期缴费申报、补缴、更新社保记录、出具证明, in order of date.
TEST(Completeness, R62ALatePaymentHasFourPapersInOrderOfDate) {
  TestVolume volume = papers({"DT08", "DT16", "DT10", "DT48"});
  volume.facts.title = "示例公司逾期缴费材料";
  int day = 1;
  for (PageFact& page : volume.facts.pages) {
    TestVolume::set(page, "doc_date", "2019-05-0" + std::to_string(day++));
  }
  EXPECT_EQ(found_in(volume.facts), Strings{"must_have/sheets"});
  TestVolume::set(volume.facts.pages[1], "doc_date", "2019-04-30");
  EXPECT_EQ(found_in(volume.facts), (Strings{"must_have/sheets", "must_have/order 2019-05-01"}));
  volume.facts.pages.pop_back();
  EXPECT_EQ(lacking(volume.facts), Strings{"late DT48"});
}

struct Bundle {
  const char* name;
  std::vector<std::string> doc_types;
  Strings lacking;
};

class BundleOf : public testing::TestWithParam<Bundle> {};

// R64, R65, R68: back-payment, transfer, refund.
TEST_P(BundleOf, IsComplete) {
  EXPECT_EQ(lacking(papers(GetParam().doc_types).facts), GetParam().lacking);
}

INSTANTIATE_TEST_SUITE_P(
    Papers, BundleOf,
    testing::Values(Bundle{"R64BackPayment", {"DT16", "DT09"}, {}},
                    Bundle{"R64WithoutVoucher", {"DT16"}, {"backpay DT09"}},
                    Bundle{"R65Transfer", {"DT13", "DT14", "DT15"}, {}},
                    Bundle{"R65WithoutInformationSheet", {"DT13", "DT14"}, {"transfer_in DT15"}},
                    Bundle{"R68Refund", {"DT17", "DT42"}, {}},
                    Bundle{"R68WithoutAccount", {"DT17"}, {"refund DT42"}}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace archive
