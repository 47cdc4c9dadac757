#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "tests/checks/volume_fixture.h"

namespace archive {
namespace {

using Strings = std::vector<std::string>;

/// One fault put into a volume without any, and everything that is found then.
struct Fault {
  const char* name;
  std::function<void(TestVolume&)> plant;
  Strings found;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class VolumeWith : public testing::TestWithParam<Fault> {};

TEST_P(VolumeWith, SaysWhatIsWrongOnce) {
  TestVolume volume;
  GetParam().plant(volume);
  EXPECT_EQ(found_in(volume.facts), GetParam().found);
}

std::string name_of_fault(const testing::TestParamInfo<Fault>& row) { return row.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Pages, VolumeWith,
    testing::Values(Fault{"NoFault", [](TestVolume&) {}, {}},
                    Fault{"PageMissing", [](TestVolume& v) { v.remove(7); }, {"X41/in_item 7"}},
                    Fault{"LastPageMissing", [](TestVolume& v) { v.remove(9); }, {"X41/item 9"}},
                    Fault{"ItemMissing",
                          [](TestVolume& v) {
                            for (int stamp : {6, 7, 8}) v.remove(stamp);
                          },
                          {"X41/item 6-8"}},
                    Fault{"PageMissingBesideAnUnreadOne",
                          [](TestVolume& v) {
                            v.remove(7);
                            v.stamp(8, "");
                          },
                          {"X41/some 7-8"}},
                    Fault{"PagesSwapped", [](TestVolume& v) { v.swap(6, 7); }, {"X44/order 5"}},
                    Fault{
                        "FirstPagesSwapped", [](TestVolume& v) { v.swap(1, 2); }, {"X44/first 0"}},
                    Fault{"PagesSwappedAndOneUnread",
                          [](TestVolume& v) {
                            v.swap(6, 7);
                            TestVolume::set(v.page(7), "page_no", "");
                          },
                          {"X44/order 6"}},
                    Fault{"OneNumberOnTwoPages",
                          [](TestVolume& v) {
                            PageFact& page =
                                v.insert_after(3, v.new_page("DT46", kOwnId, "李示例"));
                            TestVolume::set(page, "page_no", "3");
                          },
                          {"X44/twice"}},
                    Fault{"PageOfAnotherVolume",
                          [](TestVolume& v) {
                            PageFact& page = v.insert_after(4, v.new_page("DT46", "", ""));
                            TestVolume::set(page, "page_no", "97");
                          },
                          {"X04/foreign_stamp"}},
                    // What is no fault.
                    Fault{"StampUnread", [](TestVolume& v) { v.stamp(5, ""); }, {}},
                    Fault{"StampMisread", [](TestVolume& v) { v.stamp(5, "52"); }, {}},
                    Fault{"LastStampMisread", [](TestVolume& v) { v.stamp(9, "19"); }, {}},
                    Fault{"HalfOfTheStampsUnread",
                          [](TestVolume& v) {
                            for (int stamp : {2, 4, 6, 8}) v.stamp(stamp, "");
                          },
                          {}},
                    Fault{"PageSetAside",
                          [](TestVolume& v) {
                            v.page(7).set_aside = true;
                            v.page(7).fields.clear();
                          },
                          {}},
                    Fault{"PageTakenForTheClosingSheet",
                          [](TestVolume& v) {
                            v.page(7).doc_type = "DT03";
                            v.stamp(7, "");
                          },
                          {}}),
    name_of_fault);

INSTANTIATE_TEST_SUITE_P(
    Catalogue, VolumeWith,
    testing::Values(Fault{"CoverCountsOtherItems",
                          [](TestVolume& v) { TestVolume::set(v.cover(), "item_count", "7"); },
                          {"X40/count 6"}},
                    Fault{"CoverCountsOtherPages",
                          [](TestVolume& v) { TestVolume::set(v.cover(), "page_count", "12"); },
                          {"X41/count 9"}},
                    Fault{"BothCountTheSheetsOfTheVolume",
                          [](TestVolume& v) {
                            TestVolume::set(v.cover(), "page_count", "12");
                            TestVolume::set(v.closing(), "page_count", "12");
                          },
                          {"X41/count 9"}},
                    Fault{"ItemWithoutARow",
                          [](TestVolume& v) { v.leave_out_row(2); },
                          {"X40/not_in_catalogue"}},
                    Fault{"LastItemWithoutARow",
                          [](TestVolume& v) { v.remove_row(5); },
                          {"X40/not_in_catalogue"}},
                    Fault{"ItemWithoutARowBesideAWrongRange",
                          [](TestVolume& v) {
                            v.leave_out_row(2);
                            v.set_row(3, "item_pages", "3-6");
                          },
                          {"X44/range 4-5", "X40/not_in_catalogue"}},
                    Fault{"ItemWithoutARowAfterAWrongRange",
                          [](TestVolume& v) {
                            v.leave_out_row(2);
                            v.set_row(1, "item_pages", "1-3");
                          },
                          {"X44/range 2", "X40/not_in_catalogue"}},
                    Fault{"RowThatWasNotRead", [](TestVolume& v) { v.remove_row(2); }, {}},
                    Fault{"RangeTooLong",
                          [](TestVolume& v) { v.set_row(3, "item_pages", "4-6"); },
                          {"X44/range 4-5"}},
                    Fault{"RangeTooShort",
                          [](TestVolume& v) { v.set_row(4, "item_pages", "6-7"); },
                          {"X44/range 6-8"}},
                    Fault{"RangeShifted",
                          [](TestVolume& v) { v.set_row(4, "item_pages", "7-9"); },
                          {"X44/range 6-8"}},
                    Fault{"LastRangeTooLong",
                          [](TestVolume& v) { v.set_row(5, "item_pages", "9-11"); },
                          {"X44/range 9"}},
                    Fault{"TwoRangesWrong",
                          [](TestVolume& v) {
                            v.set_row(3, "item_pages", "2-3");
                            v.set_row(4, "item_pages", "3-4");
                          },
                          {"X44/ranges", "X44/ranges"}},
                    Fault{"RangeUnread", [](TestVolume& v) { v.set_row(3, "item_pages", ""); }, {}},
                    Fault{"RangeUnsure",
                          [](TestVolume& v) {
                            v.set_row(3, "item_pages", "4-8");
                            TestVolume::doubt(v.catalogue(), "item_pages", 3);
                          },
                          {}},
                    Fault{"RangePerhapsMisread",
                          [](TestVolume& v) {
                            v.set_row(3, "item_pages", "4-6");
                            TestVolume::weaken(v.catalogue(), "item_pages", 3);
                          },
                          {}},
                    Fault{"CountPerhapsMisread",
                          [](TestVolume& v) {
                            TestVolume::set(v.closing(), "item_count", "5");
                            TestVolume::weaken(v.closing(), "item_count");
                          },
                          {}},
                    Fault{"RowNumberLeftOut",
                          [](TestVolume& v) {
                            for (int row : {3, 4, 5})
                              v.set_row(row, "seq", std::to_string(row + 2));
                          },
                          {"X43/gap 4"}},
                    Fault{"RowNumberRepeated",
                          [](TestVolume& v) {
                            for (int row : {3, 4, 5}) v.set_row(row, "seq", std::to_string(row));
                          },
                          {"X43/repeat 4"}},
                    Fault{"RowNumberMisread", [](TestVolume& v) { v.set_row(3, "seq", "7"); }, {}},
                    // A missing page and a wrong row are two faults, each said once.
                    Fault{"MissingPageAndWrongRow",
                          [](TestVolume& v) {
                            v.remove(7);
                            v.set_row(3, "item_pages", "4-6");
                          },
                          {"X44/range 4-5", "X41/in_item 7"}}),
    name_of_fault);

INSTANTIATE_TEST_SUITE_P(
    Sheets, VolumeWith,
    testing::Values(
        Fault{"CoverBeginsTooLate",
              [](TestVolume& v) { TestVolume::set(v.cover(), "date_from", "1992-03-01"); },
              {"X42/from 1982-03-01"}},
        Fault{"CoverEndsTooEarly",
              [](TestVolume& v) { TestVolume::set(v.cover(), "date_to", "2020-06-21"); },
              {"X42/to 2020-07-21"}},
        Fault{"CoverInMonths",
              [](TestVolume& v) { TestVolume::set(v.cover(), "date_to", "2020-07"); },
              {}},
        Fault{"DateOfARowInTheFuture",
              [](TestVolume& v) { v.set_row(2, "item_date", "2062-06-01"); },
              {}},
        Fault{"OtherArchiveNumber",
              [](TestVolume& v) {
                v.facts.opened_by = "separator";
                TestVolume::set(v.catalogue(), "dossier_no", "SB1-2020-YL-0210");
              },
              {"X45 SB1-2020-YL-0001"}},
        Fault{
            "ArchiveNumberWithOtherDashes",
            [](TestVolume& v) { TestVolume::set(v.catalogue(), "dossier_no", "SB1—2020—YL—0001"); },
            {}},
        Fault{
            "ArchiveNumberMisread",
            [](TestVolume& v) { TestVolume::set(v.catalogue(), "dossier_no", "581-2020-YL-0007"); },
            {}},
        Fault{"DateOfTheCoverPerhapsMisread",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "date_from", "1992-03-01");
                TestVolume::weaken(v.cover(), "date_from");
              },
              {}},
        Fault{"FiledAndCheckedByOne",
              [](TestVolume& v) { TestVolume::set(v.closing(), "checker", "王示例"); },
              {"X60/filing"}},
        Fault{"HandledAndReviewedByOne",
              [](TestVolume& v) {
                TestVolume::set(v.page(2), "handler", "孙样本");
                TestVolume::set(v.page(2), "reviewer", "孙样本");
              },
              {"X60/review"}},
        Fault{"ApprovedByItsHandler",
              [](TestVolume& v) {
                TestVolume::set(v.page(2), "handler", "孙样本");
                TestVolume::set(v.page(2), "reviewer", "周样本");
                TestVolume::set(v.page(2), "approver", "孙样本");
              },
              {"X60/approval"}},
        Fault{"HandledAndReviewedByNobody",
              [](TestVolume& v) {
                TestVolume::set(v.page(2), "handler", "/");
                TestVolume::set(v.page(2), "reviewer", "/");
              },
              {}},
        Fault{"HandledByAnUnsureName",
              [](TestVolume& v) {
                TestVolume::set(v.page(2), "handler", "孙样本");
                TestVolume::set(v.page(2), "reviewer", "孙样本");
                TestVolume::doubt(v.page(2), "reviewer");
              },
              {}},
        Fault{"MoreHandedOverThanReceived",
              [](TestVolume& v) {
                v.add_item("DT49", "移交清册", 1, "2020-07-01");
                TestVolume::set(v.page(10), "sent_count", "120");
                TestVolume::set(v.page(10), "recv_count", "117");
                TestVolume::set(v.page(10), "back_count", "2");
                for (PageFact* page : {&v.cover(), &v.closing()}) {
                  TestVolume::set(*page, "page_count", "10");
                  TestVolume::set(*page, "item_count", "7");
                }
              },
              {"X46 119"}},
        Fault{"HandedOverInFull",
              [](TestVolume& v) {
                TestVolume::set(v.page(9), "sent_count", "120");
                v.page(9).doc_type = "DT49";
                TestVolume::set(v.page(9), "recv_count", "118");
                TestVolume::set(v.page(9), "back_count", "2");
              },
              {}},
        Fault{"HandedOverPerhapsMisread",
              [](TestVolume& v) {
                TestVolume::set(v.page(9), "sent_count", "120");
                v.page(9).doc_type = "DT49";
                TestVolume::set(v.page(9), "recv_count", "128");
                TestVolume::set(v.page(9), "back_count", "2");
                TestVolume::weaken(v.page(9), "recv_count");
              },
              {}},
        Fault{"HundredThousandHandedOver",
              [](TestVolume& v) {
                TestVolume::set(v.page(9), "sent_count", "100000");
                v.page(9).doc_type = "DT49";
                TestVolume::set(v.page(9), "recv_count", "99998");
                TestVolume::set(v.page(9), "back_count", "2");
              },
              {}},
        Fault{"MarkPerhapsMisread",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "10年");
                TestVolume::weaken(v.cover(), "retention");
              },
              {}},
        Fault{"MarkedForTooShortATime",
              [](TestVolume& v) { TestVolume::set(v.cover(), "retention", "30年"); },
              {"X71 100年"}},
        Fault{"MarkedForEver",
              [](TestVolume& v) { TestVolume::set(v.cover(), "retention", "永久"); },
              {}},
        Fault{"MarkUnsure",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "10年");
                TestVolume::doubt(v.cover(), "retention");
              },
              {}},
        Fault{"MarkByHandBeyondDoubt",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "10年");
                TestVolume::by_hand(v.cover(), "retention");
              },
              {"X71 100年"}},
        Fault{"MarkByHandPerhapsMisread",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "10年");
                TestVolume::by_hand(v.cover(), "retention");
                TestVolume::weaken(v.cover(), "retention");
              },
              {}},
        Fault{"OnlyPapersThatInherit",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "30年");
                for (ItemFact& item : v.facts.items) item.retention = "INHERIT";
              },
              {}},
        // X70, ten years from 2021-01-01: over on 2031-01-01.
        Fault{"RetentionIsOver",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "10年");
                for (ItemFact& item : v.facts.items) item.retention = "D10";
                v.facts.received_on = "2031-01-01";
              },
              {"X70 2031-01-01"}},
        Fault{"RetentionIsOverByMonths",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "10年");
                for (ItemFact& item : v.facts.items) item.retention = "D10";
                for (const int row : {0, 1, 2, 4, 5}) v.set_row(row, "item_date", "2020-07");
                v.set_row(3, "item_date", "1982-03");
                v.facts.received_on = "2031-01-01";
              },
              {"X70 2031-01-01"}},
        Fault{"RetentionIsNotOver",
              [](TestVolume& v) {
                TestVolume::set(v.cover(), "retention", "10年");
                for (ItemFact& item : v.facts.items) item.retention = "D10";
                v.facts.received_on = "2030-12-31";
              },
              {}}),
    name_of_fault);

TEST(Volume, PlacesAFindingWhereItCanBeSeen) {
  TestVolume volume;
  volume.set_row(3, "item_pages", "4-6");
  const auto found = check_dossier(volume.facts, check_tables());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].places.front(),
            (FindingPlace{volume.catalogue().number, "item_pages", 3, "4-6"}));
  const CheckRule* rule = check_tables().rules.rule("X44", "range");
  const auto page_name = [](PageNumber) { return std::string(); };
  EXPECT_EQ(sentence_of(rule->zh, found[0], page_name),
            "目录第4项（职工履历材料）记为第4-6页，应为第4-5页");
}

TEST(Volume, WithoutCoverAndCatalogueHasItsPagesOnly) {
  TestVolume volume;
  for (const char* sheet : {"DT01", "DT02", "DT03"}) volume.remove_sheet(sheet);
  volume.facts.title.clear();
  EXPECT_EQ(found_in(volume.facts), Strings{"must_have/sheets"});
  volume.facts.pages.erase(volume.facts.pages.begin() + 6);
  EXPECT_EQ(found_in(volume.facts), (Strings{"must_have/sheets", "X41/missing 7"}));
}

TEST(Volume, ThatBeginsAtALaterNumberIsNoPartOfOne) {
  TestVolume volume;
  for (const char* sheet : {"DT01", "DT02", "DT03"}) volume.remove_sheet(sheet);
  for (int stamp = 1; stamp <= 9; ++stamp) volume.stamp(stamp, std::to_string(stamp + 200));
  EXPECT_EQ(found_in(volume.facts), Strings{"must_have/sheets"});
}

TEST(Volume, WithoutAnyStampSaysNothingOfPages) {
  TestVolume volume;
  for (int stamp = 1; stamp <= 9; ++stamp) volume.stamp(stamp, "");
  EXPECT_EQ(found_in(volume.facts), Strings{});
  EXPECT_EQ(found_in(DossierFacts{}), Strings{"must_have/sheets"});
}

// 2,000 pages and 500 rows: a tenth of the stamps unread, one page missing, one row wrong.
TEST(Volume, OfAnyLengthIsCheckedInTime) {
  TestVolume volume;
  for (int item = 7; item <= 500; ++item) volume.add_item("DT40", "工资表", 4, "2010-01-01");
  const std::string pages = std::to_string(9 + 494 * 4);
  for (PageFact* page : {&volume.cover(), &volume.closing()}) {
    TestVolume::set(*page, "page_count", pages);
    TestVolume::set(*page, "item_count", "500");
  }
  volume.remove(1001);
  volume.set_row(300, "item_pages", "1-4");
  for (int stamp = 15; stamp < 1900; stamp += 10) volume.stamp(stamp, "");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(found_in(volume.facts), (Strings{"X44/range 1186-1189", "X41/in_item 1001"}));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace archive
