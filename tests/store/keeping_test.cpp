#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/catalogue.h"
#include "store/lifecycle/disposal.h"
#include "store/lifecycle/places.h"
#include "store/lifecycle/retention.h"
#include "store/records/sql.h"
#include "tests/store/office.h"

namespace archive {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Date day(const char* text) { return *Date::parse(text); }

/// The office's only item was formed on 2009-08-31 and is kept for ten years.
struct Keeping : Office {
  void set(const std::string& column, const std::string& value) const {
    Database db(folder / "records.sqlite", Database::Access::write);
    if (column == "retention") db.execute("UPDATE items SET retention = $1", {value});
    if (column == "item_date") db.execute("UPDATE items SET item_date = $1", {value});
  }
  KeptItem kept() const {
    Records reader = Records::open_reader(folder.path());
    return Retention(reader, volume_tables()).item(dossier, 1);
  }
  std::string extend(const std::string& who, const std::string& to,
                     const std::string& report = "JD-2026-3") const {
    Records records = as(who);
    return refusal(
        [&] { Retention(records, volume_tables()).extend(dossier, 1, to, "太短", report); });
  }
  std::int64_t appraise(const char* on) const {
    Records records = as("records_manager");
    return Retention(records, volume_tables()).open_appraisals(day(on));
  }
  std::string close(const std::string& outcome) const {
    Records records = as("records_manager");
    return refusal([&] { Retention(records, volume_tables()).close_appraisal(1, outcome, "鉴定意见"); });
  }
  std::string make_list(const std::string& who) const {
    Records records = as(who);
    return refusal([&] { Disposal(records).make_list({1}, "到期"); });
  }
  std::string approve(const std::string& who, std::int64_t list = 1) const {
    Records records = as(who);
    return refusal([&] { Disposal(records).approve(list, 30); });
  }
};

// X70: from 1 January of the year after the paper was formed.
TEST_F(Keeping, CountsFromTheNextYear) {
  EXPECT_EQ(kept().due->text(), "2020-01-01");
}

struct Undecided {
  const char* retention;
  const char* formed_on;
};
class KeepingWithoutAnEnd : public Keeping, public testing::WithParamInterface<Undecided> {};
TEST_P(KeepingWithoutAnEnd, R9NeverFallsDue) {
  set("retention", GetParam().retention);
  set("item_date", GetParam().formed_on);
  EXPECT_FALSE(kept().due.has_value());
  EXPECT_EQ(appraise("2199-12-31"), 0);
}
INSTANTIATE_TEST_SUITE_P(All, KeepingWithoutAnEnd,
                         testing::Values(Undecided{"Y", "2009-08-31"},
                                         Undecided{"HOLD", "2009-08-31"},
                                         Undecided{"ACC", "2009-08-31"},
                                         Undecided{"INHERIT", "2009-08-31"},
                                         Undecided{"", "2009-08-31"}, Undecided{"D10", ""},
                                         Undecided{"D10", "二〇〇九年"}));

// R9: the clock goes on as far as it goes, 170 years: tasks, and everything is where it was.
TEST_F(Keeping, R9WhatFallsDueOpensATaskAndNothingElse) {
  EXPECT_EQ(appraise("2019-12-31"), 0);
  EXPECT_EQ(appraise("2199-12-31"), 1);
  EXPECT_EQ(appraise("2199-12-31"), 0) << "one task, however often it is asked";
  Records reader = Records::open_reader(folder.path());
  EXPECT_TRUE(reader.page(page).has_value());
  int objects = 0;
  reader.for_each_object([&](const BlobId&, std::string_view) { ++objects; });
  EXPECT_EQ(objects, 1);
  EXPECT_THAT(Retention(reader, volume_tables()).appraisals(true), SizeIs(1));
}

// R10: longer works and is in the log, shorter is refused.
TEST_F(Keeping, R10APeriodIsOnlyMadeLonger) {
  ASSERT_EQ(appraise("2026-01-01"), 1);
  EXPECT_THAT(extend("records_manager", "D50"), HasSubstr("no post with the right 'approve'"));
  EXPECT_EQ(extend("approver", "D50"), kNothingRefused);
  EXPECT_EQ(kept().retention, "D50");
  EXPECT_EQ(kept().due->text(), "2060-01-01");
  for (const char* to : {"D10", "D30", "D50"}) {
    EXPECT_THAT(extend("approver", to), HasSubstr("only ever made longer")) << to;
  }
  EXPECT_THAT(extend("approver", "HOLD"), HasSubstr("no period"));
  EXPECT_THAT(extend("approver", "D100", ""), HasSubstr("report number"));
  Records reader = Records::open_reader(folder.path());
  EXPECT_EQ(Retention(reader, volume_tables()).appraisals(false).front().outcome, "extended");
  std::vector<std::string> told;
  reader.for_each_event(0, [&](const Records::Event& event) {
    if (event.action == "retention_extended") told.push_back(event.actor + event.details);
  });
  EXPECT_THAT(told, testing::ElementsAre(
                        R"(approver{"item":1,"before":"D10","after":"D50","report":"JD-2026-3"})"));
}

TEST_F(Keeping, AClassThatIsKeptLongerWinsOverAnEarlierExtension) {
  ASSERT_EQ(extend("approver", "D30"), kNothingRefused);
  set("retention", "D100");
  EXPECT_EQ(kept().retention, "D100");
}

TEST_F(Keeping, AListNeedsAnAppraisalForDisposalAndTwoPersons) {
  ASSERT_EQ(appraise("2026-01-01"), 1);
  EXPECT_THAT(make_list("records_manager"), HasSubstr("did not end with disposal"));
  EXPECT_THAT(close("burn"), HasSubstr("'kept' or 'disposal'"));
  ASSERT_EQ(close("disposal"), kNothingRefused);
  EXPECT_THAT(close("kept"), HasSubstr("closed already"));
  ASSERT_EQ(make_list("root"), kNothingRefused);
  EXPECT_THAT(make_list("records_manager"), HasSubstr("on another list"));
  EXPECT_THAT(approve("root"), HasSubstr("did not make it"));
  EXPECT_THAT(approve("records_manager"), HasSubstr("no post with the right 'approve'"));
  ASSERT_EQ(approve("approver"), kNothingRefused);
  EXPECT_THAT(approve("approver"), HasSubstr("approved already"));
}

TEST_F(Keeping, WhatChangedSinceItsAppraisalIsAppraisedAnew) {
  ASSERT_EQ(appraise("2026-01-01"), 1);
  ASSERT_EQ(close("disposal"), kNothingRefused);
  EXPECT_EQ(appraise("2026-01-01"), 0);
  set("item_date", "2009-09-30");
  EXPECT_THAT(make_list("records_manager"), HasSubstr("not what was appraised"));
  EXPECT_EQ(appraise("2026-01-01"), 1);
  EXPECT_THAT(make_list("records_manager"), HasSubstr("did not end with disposal"));
  ASSERT_EQ(close("disposal"), kNothingRefused);
  ASSERT_EQ(make_list("root"), kNothingRefused);
  set("item_date", "2009-10-31");
  EXPECT_THAT(approve("approver"), HasSubstr("not what was appraised"));
}

TEST_F(Keeping, WhatIsDueOnlyLaterByNowIsNotAppraisedForDisposal) {
  ASSERT_EQ(appraise("2026-01-01"), 1);
  set("retention", "D30");
  EXPECT_THAT(close("disposal"), HasSubstr("does not end on 2020-01-01 any more"));
  EXPECT_EQ(close("kept"), kNothingRefused);
  EXPECT_EQ(appraise("2026-01-01"), 0);
  EXPECT_EQ(appraise("2040-01-01"), 1);
}

TEST_F(Keeping, AHoldAndTheTimeOfWaitingStopAList) {
  ASSERT_EQ(appraise("2026-01-01"), 1);
  ASSERT_EQ(close("disposal"), kNothingRefused);
  const auto hindrance = [&](const char* on) {
    Records reader = Records::open_reader(folder.path());
    const Disposal disposal(reader);
    return disposal.hindrance(*disposal.list(1), day(on));
  };
  {
    Records records = as("records_manager");
    Disposal disposal(records);
    EXPECT_THAT(refusal([&] { disposal.hold(dossier, "诉讼", ""); }), HasSubstr("basis in law"));
    disposal.hold(dossier, "诉讼", "民事诉讼法");
  }
  EXPECT_THAT(make_list("records_manager"), HasSubstr("a hold is on the dossier"));
  {
    Records records = as("approver");
    Disposal(records).lift(1, "结案");
  }
  ASSERT_EQ(make_list("records_manager"), kNothingRefused);
  EXPECT_EQ(hindrance("2099-01-01"), "nobody has approved it");
  ASSERT_EQ(approve("approver"), kNothingRefused);
  EXPECT_THAT(hindrance("2026-01-01"), HasSubstr("the time of waiting"));
  EXPECT_EQ(hindrance("2099-01-01"), "");
  {
    Records records = as("records_manager");
    Disposal(records).hold(dossier, "稽核", "社会保险法");
  }
  EXPECT_THAT(hindrance("2099-01-01"), HasSubstr("a hold"));
  {
    Records records = as("records_manager");
    Disposal(records).withdraw(1, "误列");
  }
  EXPECT_EQ(hindrance("2099-01-01"), "it was withdrawn");
}

TEST_F(Keeping, TheDatabaseListsOnlyWhatWasAppraisedForDisposal) {
  ASSERT_EQ(appraise("2026-01-01"), 1);
  Database db(folder / "records.sqlite", Database::Access::write);
  db.execute("INSERT INTO disposal_lists (reason, made_by, made_at) VALUES ('r', 'x', 'now')");
  EXPECT_THAT(refusal([&] { db.execute("INSERT INTO disposal_items VALUES (1, 1)"); }),
              HasSubstr("only what was appraised for disposal"));
  EXPECT_THAT(refusal([&] {
                db.execute("UPDATE disposal_lists SET approved_by = 'X', approved_at = 'now', "
                           "not_before = '2026-01-01'");
              }),
              HasSubstr("CHECK"));
}

// R23: paper without digital, and digital without paper.
TEST_F(Keeping, R23PaperAndPictureAreBothThereOrSaid) {
  Records records = as("records_manager");
  Places places(records);
  EXPECT_THAT(places.digital_without_paper(), SizeIs(1));
  EXPECT_THAT(refusal([&] { places.put({dossier, 2, "库一", "3", "2", "7", "", "", ""}); }),
              HasSubstr("no such dossier or item"));
  EXPECT_THAT(refusal([&] { places.put({dossier, 1, "", "", "", "", "", "", ""}); }),
              HasSubstr("the room"));
  places.put({dossier, 0, "库一", "3", "2", "7", "", "", ""});
  EXPECT_THAT(places.digital_without_paper(), IsEmpty()) << "the dossier's place is the item's";
  places.put({dossier, 1, "", "", "", "", "虫蛀", "", ""});
  ASSERT_THAT(places.digital_without_paper(), SizeIs(1));
  EXPECT_EQ(places.digital_without_paper()[0].reason, "虫蛀");

  EXPECT_THAT(places.paper_without_digital(), IsEmpty());
  CatalogueEntry entry;
  entry.item_no = "A-1-1";
  entry.dossier_no = "A-1";
  entry.sequence = 1;
  records.put_catalogue({entry}, "records_manager");
  ASSERT_THAT(places.paper_without_digital(), SizeIs(1));
  EXPECT_EQ(places.paper_without_digital()[0].dossier_no, "A-1");
}

TEST_F(Keeping, WhatIsLentIsOutOnce) {
  Records records = as("records_manager");
  Places places(records);
  Loan loan;
  loan.dossier = dossier;
  loan.borrower = "王五";
  loan.due_on = "2099-01-01";
  EXPECT_THAT(refusal([&] { places.lend(loan); }), HasSubstr("what for"));
  loan.reason = "核对";
  places.lend(loan);
  loan.item_sequence = 1;
  EXPECT_THAT(refusal([&] { places.lend(loan); }), HasSubstr("out already"));
  places.take_back(1);
  EXPECT_THAT(refusal([&] { places.take_back(1); }), HasSubstr("no loan of this number"));
  loan.due_on = "2000-01-01";
  EXPECT_THAT(refusal([&] { places.lend(loan); }), HasSubstr("has passed"));
  EXPECT_THAT(places.loans(true), IsEmpty());
  EXPECT_THAT(places.loans(false), SizeIs(1));
}

}  // namespace
}  // namespace archive
