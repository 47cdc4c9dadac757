#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "store/lifecycle/disposal.h"
#include "store/lifecycle/item_contents.h"
#include "store/lifecycle/places.h"
#include "store/lifecycle/retention.h"
#include "store/records/sql.h"
#include "tests/store/office.h"

namespace archive {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// The office's only item, appraised for disposal, on a list that is approved and may be carried
/// out today.
struct Disposing : Office {
  Disposing() {
    {
      // The page says all that a page can say.
      Records records = as("root");
      PageRecord whole = full_page(*records.source(1), 0);
      whole.fields.push_back(field("page_no", "17"));
      records.put_page(whole);
      whole.layout_blob = hash_of("layout of another reading");
      whole.alto_blob = hash_of("alto of another reading");
      records.put_page(whole);
      records.assemble(1, {assembled()});
    }
    {
      Records records = as("records_manager");
      Retention retention(records, volume_tables());
      retention.open_appraisals(*Date::parse("2026-01-01"));
      retention.close_appraisal(1, "disposal", "期满");
      Disposal(records).make_list({1}, "2026 年到期");
    }
    Records records = as("approver");
    Disposal(records).approve(1, 0);
  }

  Records::AssembledDossier assembled() const {
    Records::AssembledDossier made;
    made.dossier.batch = 1;
    made.dossier.key = "box";
    made.dossier.items.push_back({});
    made.dossier.items[0].sequence = 1;
    made.dossier.items[0].doc_type = "DT05";
    made.dossier.items[0].title = "退休审批表";
    made.dossier.items[0].date = "2009-08-31";
    made.dossier.items[0].retention = "D10";
    made.pages.push_back({page, 1, 1});
    made.mentions.push_back({page, "张三", "", "holder"});
    return made;
  }

  void give_password(const std::string& name) const {
    Records records = as("root");
    records.set_password(name, kPassword);
  }
  Records with_witness(const std::string& who, const std::string& witness) const {
    give_password(witness);
    Records::Writing how;
    how.claim = claim(who, "", kPassword, witness);
    return Records::open_writer(folder.path(), how);
  }
  std::string carry_out(const std::string& who = "records_manager",
                        const std::string& witness = "auditor") const {
    return refusal([&] {
      Records records = with_witness(who, witness);
      Disposal(records).carry_out(1);
    });
  }
  std::vector<std::string> objects() const {
    std::vector<std::string> found;
    Records::open_reader(folder.path())
        .for_each_object([&](const BlobId& blob, std::string_view) {
          found.push_back(blob.text());
        });
    return found;
  }
};

TEST_F(Disposing, TakesWhatThePageSaidAndKeepsThatItWas) {
  ASSERT_THAT(objects(), SizeIs(5)) << "source, layout, alto and those of the earlier reading";
  ASSERT_EQ(carry_out(), kNothingRefused);
  const Records reader = Records::open_reader(folder.path());
  const PageRecord gone = *reader.page(page);
  EXPECT_TRUE(gone.disposed());
  EXPECT_EQ(gone.state, PageState::set_aside);
  EXPECT_EQ(gone.fault->detail, "disposal list 1");
  EXPECT_EQ(gone.title, "退休审批表");
  ASSERT_THAT(gone.fields, SizeIs(1)) << "the number stamped on it tells its place";
  EXPECT_EQ(gone.fields[0].field, "page_no");
  EXPECT_THAT(gone.seals, IsEmpty());
  EXPECT_THAT(gone.pairs, IsEmpty());
  EXPECT_THAT(gone.codes, IsEmpty());
  EXPECT_THAT(gone.evidence, IsEmpty());
  EXPECT_FALSE(gone.layout_blob || gone.alto_blob || gone.source_blob);
  EXPECT_THAT(reader.readings(page), IsEmpty());
  EXPECT_FALSE(reader.source(1)->blob);
  EXPECT_THAT(objects(), IsEmpty());
  EXPECT_THAT(reader.gaps(1), IsEmpty()) << "the page is still accounted for";
  EXPECT_THAT(reader.batches_to_assemble(), SizeIs(1));
  EXPECT_THAT(reader.broken_references(), IsEmpty());
}

TEST_F(Disposing, LeavesAProof) {
  ASSERT_EQ(carry_out(), kNothingRefused);
  Records reader = Records::open_reader(folder.path());
  const Disposal disposal(reader);
  const DisposalList list = *disposal.list(1);
  EXPECT_EQ(list.carried_out_by + " " + list.witnessed_by, "records_manager auditor");
  const auto items = disposal.items_of(1);
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].title, "退休审批表");
  EXPECT_EQ(items[0].pages, 1);
  EXPECT_EQ(items[0].contents.size(), 64u);
  EXPECT_THAT(disposal.objects_gone(), SizeIs(5));
  const auto objects = disposal.objects_of(1);
  EXPECT_THAT(objects, SizeIs(5));
  for (const DisposedObject& object : objects) {
    EXPECT_FALSE(object.needed);
    EXPECT_EQ(object.removed_at, "") << "objects go with the next collection";
  }
  std::vector<std::string> told;
  reader.for_each_event(0, [&](const Records::Event& event) {
    if (event.action == "disposal_carried_out") told.push_back(event.actor + event.co_signer);
  });
  EXPECT_THAT(told, testing::ElementsAre("records_managerauditor"));
  Database db(folder / "records.sqlite", Database::Access::write);
  for (const Sql text : {Sql("DELETE FROM disposed_items"), Sql("DELETE FROM disposed_objects"),
                         Sql("UPDATE disposed_items SET title = 'other'"),
                         Sql("UPDATE disposal_lists SET reason = 'other'")}) {
    EXPECT_THAT(refusal([&] { db.execute(text); }),
                AnyOf(HasSubstr("never"), HasSubstr("carried out once")));
  }
}

TEST_F(Disposing, NeedsTwoPersonsWhoDidNotApprove) {
  EXPECT_THAT(carry_out("approver"), HasSubstr("no post with the right 'manage'"));
  EXPECT_THAT(refusal([&] { Records records = as("records_manager");
                            Disposal(records).carry_out(1); }),
              HasSubstr("a second person witnesses"));
  EXPECT_THAT(carry_out("records_manager", "records_manager"), HasSubstr("their own signature"));
  as("root").give_post("approver", "records_manager", posts());
  EXPECT_THAT(carry_out("approver"), HasSubstr("did not approve it"));
  EXPECT_EQ(carry_out(), kNothingRefused);
  EXPECT_THAT(carry_out(), HasSubstr("it was carried out"));
  Records records = as("records_manager");
  EXPECT_THAT(refusal([&] { Disposal(records).withdraw(1, "误"); }), HasSubstr("carried out"));
}

TEST_F(Disposing, StopsAtAHoldALoanAndALongerPeriod) {
  {
    Records records = as("records_manager");
    Disposal(records).hold(dossier, "诉讼", "民事诉讼法");
  }
  EXPECT_THAT(carry_out(), HasSubstr("a hold"));
  {
    Records records = as("approver");
    Disposal(records).lift(1, "结案");
  }
  {
    Records records = as("records_manager");
    Loan loan;
    loan.dossier = dossier;
    loan.borrower = "王五";
    loan.reason = "核对";
    loan.due_on = "2099-01-01";
    Places(records).lend(loan);
  }
  EXPECT_THAT(carry_out(), HasSubstr("on loan"));
  {
    Records records = as("records_manager");
    Places(records).take_back(1);
  }
  {
    Records records = as("approver");
    Retention(records, volume_tables()).extend(dossier, 1, "D30", "仍有用", "JD-9");
  }
  EXPECT_THAT(carry_out(), HasSubstr("made longer since"));
  EXPECT_THAT(objects(), SizeIs(5));
}

TEST_F(Disposing, StopsAtAPeriodThatHasNotEnded) {
  Database(folder / "records.sqlite", Database::Access::write)
      .execute("UPDATE appraisals SET due_on = '2199-01-01'");
  EXPECT_THAT(carry_out(), HasSubstr("the period of one of its items ends on 2199-01-01"));
  EXPECT_THAT(objects(), SizeIs(5));
}

// What was appraised, and nothing that came under its number since.
TEST_F(Disposing, StopsAtAnItemThatIsNotWhatWasAppraised) {
  const auto change = [&](const std::function<void(Records::AssembledDossier&)>& how) {
    Records::AssembledDossier changed = assembled();
    how(changed);
    as("root").assemble(1, {changed});
  };
  for (const std::function<void(Records::AssembledDossier&)>& how :
       std::vector<std::function<void(Records::AssembledDossier&)>>{
           [](auto& made) { made.dossier.items[0].date = "2009-09-30"; },
           [](auto& made) { made.dossier.items[0].retention = "Y"; },
           [](auto& made) { made.dossier.items[0].doc_type = "DT28"; },
           [](auto& made) { made.pages[0].item_sequence = 0; }}) {
    change(how);
    EXPECT_THAT(carry_out(), HasSubstr("not what was appraised"));
    change([](auto&) {});
  }
  TypedValue typed;
  typed.field = "person_name";
  typed.raw = typed.value = "李四";
  typed.person = "root";
  typed.box = {1, 1, 10, 10};
  as("root").put_typed_value(page, typed);
  EXPECT_THAT(carry_out(), HasSubstr("not what was appraised"));
  EXPECT_THAT(objects(), SizeIs(5));

  Records records = as("records_manager");
  Retention retention(records, volume_tables());
  EXPECT_EQ(retention.open_appraisals(*Date::parse("2026-01-01")), 0) << "it is on a list";
  Disposal(records).withdraw(1, "内容已变");
  ASSERT_EQ(retention.open_appraisals(*Date::parse("2026-01-01")), 1);
  retention.close_appraisal(1, "disposal", "重新鉴定");
  Disposal(records).make_list({1}, "重新鉴定后销毁");
}

TEST_F(Disposing, WhatWasAppraisedBeforeItsContentsWereKeptIsAppraisedAnew) {
  Database(folder / "records.sqlite", Database::Access::write)
      .execute("UPDATE appraisals SET contents = ''");
  EXPECT_THAT(carry_out(), HasSubstr("not what was appraised"));
}

// The service may be got round; the database may not.
TEST_F(Disposing, TheDatabaseKnowsTheRules) {
  Database db(folder / "records.sqlite", Database::Access::write);
  const auto carried = [&](const char* by, const char* witness, const char* at) {
    return refusal([&] {
      db.execute("UPDATE disposal_lists SET carried_out_by = $1, witnessed_by = $2, "
                 "carried_out_at = $3",
                 {by, witness, at});
    });
  };
  EXPECT_THAT(carried("approver", "x", "2999-01-01"), HasSubstr("by two persons"));
  EXPECT_THAT(carried("x", "x", "2999-01-01"), HasSubstr("by two persons"));
  EXPECT_THAT(carried("x", "", "2999-01-01"), HasSubstr("by two persons"));
  EXPECT_THAT(carried("x", "y", "2000-01-01"), HasSubstr("by two persons"));
  EXPECT_EQ(carried("x", "y", "2999-01-01"), kNothingRefused);
  EXPECT_THAT(carried("z", "y", "2999-01-01"), HasSubstr("disposal"));
}

TEST_F(Disposing, TheDatabaseStopsWhereTheProgramStops) {
  Database db(folder / "records.sqlite", Database::Access::write);
  const auto told = [&db](Sql change) { return refusal([&] { db.execute(change); }); };
  const Sql carried(
      "UPDATE disposal_lists SET carried_out_by = 'root', carried_out_at = '2198-01-01T00:00:00Z', "
      "witnessed_by = 'auditor'");
  const auto stops_at = [&](Sql change, Sql back) {
    EXPECT_EQ(told(change), kNothingRefused);
    EXPECT_THAT(told(carried), HasSubstr("when it may be"));
    EXPECT_EQ(told(back), kNothingRefused);
  };
  stops_at(Sql("UPDATE appraisals SET due_on = '2199-01-01'"),
           Sql("UPDATE appraisals SET due_on = '2020-01-01'"));
  const std::string contents = [&db] {
    Rows row = db.query("SELECT contents FROM appraisals");
    return row.next() ? row.text() : "";
  }();
  db.execute("UPDATE appraisals SET contents = ''");
  EXPECT_THAT(told(carried), HasSubstr("when it may be")) << "what was appraised is not known";
  db.execute("UPDATE appraisals SET contents = $1", {contents});
  stops_at(Sql("UPDATE appraisals SET outcome = 'kept'"),
           Sql("UPDATE appraisals SET outcome = 'disposal'"));
  stops_at(Sql("INSERT INTO loans (dossier, item_sequence, borrower, unit, reason, due_on, "
               "lent_by, lent_at) SELECT dossier, 0, '王五', '', '核对', '2099-01-01', 'root', "
               "'2026-01-01' FROM appraisals"),
           Sql("UPDATE loans SET returned_at = '2026-01-02', returned_to = 'root'"));
  stops_at(Sql("INSERT INTO holds (dossier, reason, basis, set_by, set_at) "
               "SELECT dossier, '诉讼', '民事诉讼法', 'root', '2026-01-01' FROM appraisals"),
           Sql("UPDATE holds SET lifted_by = 'root', lifted_at = '2026-01-02', "
               "lifted_reason = '结案'"));
  EXPECT_THAT(told(Sql("INSERT INTO disposal_items VALUES (1, 1)")), HasSubstr("was approved"));
  EXPECT_THAT(told(Sql("DELETE FROM disposal_items")), HasSubstr("never removed"));
  EXPECT_EQ(told(carried), kNothingRefused);
}

TEST_F(Disposing, NoPageLeavesADossierUnderAHold) {
  Records records = as("records_manager");
  Disposal(records).hold(dossier, "诉讼", "民事诉讼法");
  Records::AssembledDossier other = assembled();
  other.dossier.key = "other";
  EXPECT_THAT(refusal([&] { records.assemble(1, {other}); }), HasSubstr("under a hold"));
  EXPECT_EQ(records.page(page)->dossier, dossier);
  EXPECT_EQ(refusal([&] { records.assemble(1, {assembled()}); }), kNothingRefused);
}

// While the list stands, what it is about stays together.
TEST_F(Disposing, NoPageOfItMayLeaveItsDossier) {
  Records records = as("records_manager");
  ASSERT_THAT(held_pages(records, 1), SizeIs(1));
  EXPECT_EQ(held_pages(records, 1)[0].page, page);
  EXPECT_THAT(records.batches_to_assemble(), IsEmpty());
  Disposal(records).withdraw(1, "内容已变");
  EXPECT_THAT(held_pages(records, 1), IsEmpty());
  EXPECT_THAT(records.batches_to_assemble(), testing::ElementsAre(1));
}

TEST_F(Disposing, NothingBringsAPageBack) {
  ASSERT_EQ(carry_out(), kNothingRefused);
  Records records = as("root");
  EXPECT_THAT(refusal([&] { records.put_page(full_page(*records.source(1), 0)); }),
              HasSubstr("does not come back"));
  SourceRecord again = source(1, "1.tif", "bytes", 1);
  EXPECT_EQ(records.add_source(again).number, 1) << "the same delivery is a rerun";
  EXPECT_THAT(records.pages_done(1), SizeIs(1)) << "and there is nothing to do";
  EXPECT_THAT(objects(), IsEmpty());
  TypedValue typed;
  typed.field = "person_name";
  typed.raw = typed.value = "李四";
  typed.person = "root";
  typed.box = {1, 1, 10, 10};
  EXPECT_THAT(refusal([&] { records.put_typed_value(page, typed); }), HasSubstr("disposed"));
}

TEST_F(Disposing, AFileWithOtherPagesStays) {
  {
    Records records = as("root");
    records.set_source_pages(1, 2, {});
    SourceRecord file = *records.source(1);
    const PageNumber other = records.put_page(filed(file, 1));
    Records::AssembledDossier made = assembled();
    made.pages.push_back({other, 0, 0});
    records.assemble(1, {made});
  }
  ASSERT_EQ(carry_out(), kNothingRefused);
  const Records reader = Records::open_reader(folder.path());
  EXPECT_TRUE(reader.source(1)->blob);
  EXPECT_FALSE(reader.page(page)->source_blob) << "and this page is not to be had from it";
  EXPECT_THAT(objects(), Contains(hash_of("bytes").text()));
}

}  // namespace
}  // namespace archive
