#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "core/timestamp.h"
#include "store/custody/acknowledged.h"
#include "store/ledger/entry_text.h"
#include "store/ledger/ledger_check.h"
#include "store/lifecycle/history.h"
#include "store/lifecycle/organisation.h"
#include "store/lifecycle/overview.h"
#include "store/lifecycle/places.h"
#include "store/lifecycle/settled_pages.h"
#include "store/records/sql.h"
#include "tests/store/office.h"

namespace archive {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct OfficeWork : Office {
  std::string administers(const std::function<void(Organisation&)>& change) const {
    Records records = as("administrator");
    Organisation organisation(records, posts());
    return refusal([&] { change(organisation); });
  }
  void overdue(std::int64_t loan) const {
    Database db(folder / "records.sqlite", Database::Access::write);
    db.execute("UPDATE loans SET due_on = '2020-01-01' WHERE loan = $1", {loan});
  }
};

TEST_F(OfficeWork, ALoanIsOnlyMadeLongerAndDunnedForWhenItIsLate) {
  Records records = as("records_manager");
  Places places(records);
  const std::int64_t loan =
      places.lend({0, dossier, 0, "王五", "稽核科", "核对", "2190-01-01", "", "", "", ""});
  EXPECT_THAT(refusal([&] { places.extend(loan, "2190-01-01", "未看完"); }), HasSubstr("no later"));
  EXPECT_THAT(refusal([&] { places.extend(loan, "2190-02-01", ""); }), HasSubstr("reason"));
  EXPECT_THAT(refusal([&] { places.extend(loan, "soon", "未看完"); }), HasSubstr("YYYY-MM-DD"));
  EXPECT_THAT(refusal([&] { places.dun(loan, "电话"); }), HasSubstr("not overdue"));
  places.extend(loan, "2190-02-01", "未看完");
  overdue(loan);
  places.dun(loan, "电话");
  places.dun(loan, "书面");
  const Loan told = places.loans(true).front();
  EXPECT_EQ(told.extensions, 1);
  EXPECT_EQ(told.dunnings, 2);
  EXPECT_THAT(places.notes_of(loan), SizeIs(3));
  places.take_back(loan);
  EXPECT_THAT(refusal([&] { places.dun(loan, "电话"); }), HasSubstr("that is out"));
}

TEST_F(OfficeWork, NotesAboutLoansStay) {
  {
    Records records = as("records_manager");
    Places places(records);
    const std::int64_t loan =
        places.lend({0, dossier, 0, "王五", "", "核对", "2190-01-01", "", "", "", ""});
    places.extend(loan, "2190-02-01", "未看完");
  }
  Database db(folder / "records.sqlite", Database::Access::write);
  EXPECT_THAT(refusal([&] { db.execute("DELETE FROM loan_notes"); }), HasSubstr("never removed"));
  EXPECT_THAT(refusal([&] { db.execute("UPDATE loan_notes SET reason = 'x'"); }),
              HasSubstr("never changes"));
}

TEST_F(OfficeWork, AnAlarmIsAcknowledgedOnceForWhatItIs) {
  const CustodyAlarm alarm{"backup_overdue", "", "2026-01-01"};
  {
    Records clerk = as("counter_clerk");
    EXPECT_THAT(refusal([&] { AlarmBook(clerk).acknowledge(alarm, "看到"); }),
                HasSubstr("no post"));
  }
  Records manager = as("records_manager");
  AlarmBook book(manager);
  EXPECT_THAT(refusal([&] { book.acknowledge(alarm, ""); }), HasSubstr("what is done"));
  book.acknowledge(alarm, "周五备份");
  EXPECT_EQ(book.find(alarm)->acknowledged_by, "records_manager");
  EXPECT_THAT(refusal([&] { book.acknowledge(alarm, "再"); }), HasSubstr("before"));
  EXPECT_FALSE(book.find({"backup_overdue", "", "2026-02-01"})) << "another day rings anew";
}

// R31, R35
TEST_F(OfficeWork, R35AUnitsFamilyLimitsThePostsOfItsPeople) {
  administers([](Organisation& o) {
    o.add_unit("局", "agency", 0);
    o.add_unit("信息中心", "information", 1);
    o.add_unit("厅", "administration", 0);
  });
  EXPECT_EQ(administers([](Organisation& o) { o.place("technician", 2); }), kNothingRefused);
  EXPECT_EQ(administers([](Organisation& o) { o.place("auditor", 3); }), kNothingRefused);
  EXPECT_THAT(administers([](Organisation& o) { o.place("approver", 2); }), HasSubstr("cannot be"));
  EXPECT_THAT(administers([](Organisation& o) { o.place("records_manager", 3); }),
              HasSubstr("cannot be"));
  Records records = as("administrator");
  EXPECT_THAT(refusal([&] { records.give_post("technician", "indexer", posts()); }),
              HasSubstr("cannot be 'indexer'"));
  EXPECT_THAT(refusal([&] { Organisation(records, posts()).add_unit("科", "agency", 2); }),
              HasSubstr("of its family"));
}

TEST_F(OfficeWork, R31AUnitEndsWhenNobodyIsInIt) {
  administers([](Organisation& o) {
    o.add_unit("局", "agency", 0);
    o.add_unit("科", "agency", 1);
    o.place("indexer", 2);
  });
  EXPECT_THAT(administers([](Organisation& o) { o.end_unit(2); }), HasSubstr("still works"));
  EXPECT_THAT(administers([](Organisation& o) { o.end_unit(1); }), HasSubstr("below it"));
  EXPECT_EQ(administers([](Organisation& o) { o.place("indexer", 0); o.end_unit(2); }),
            kNothingRefused);
  Records records = as("records_manager");
  EXPECT_THAT(refusal([&] { Organisation(records, posts()).add_unit("x", "agency", 0); }),
              HasSubstr("no post"));
}

struct Training {
  const char* trained_on;
  const char* today;
  int days;
  bool holds;
};
class TrainingHolds : public testing::TestWithParam<Training> {};
TEST_P(TrainingHolds, R12ToTheLastDay) {
  EXPECT_EQ(training_holds(GetParam().trained_on, GetParam().today, GetParam().days),
            GetParam().holds);
}
INSTANTIATE_TEST_SUITE_P(
    All, TrainingHolds,
    testing::Values(Training{"", "2026-03-01", 0, true}, Training{"", "2026-03-01", 365, false},
                    Training{"2025-03-01", "2026-03-01", 365, true},
                    Training{"2025-03-01", "2026-03-02", 365, false},
                    Training{"2024-02-29", "2024-03-01", 1, true}));

TEST_F(OfficeWork, R12ATrainingIsADayThatWas) {
  const std::string today = timestamp_now().substr(0, 10);
  EXPECT_EQ(administers([&](Organisation& o) { o.note_training("indexer", today); }),
            kNothingRefused);
  EXPECT_THAT(administers([](Organisation& o) { o.note_training("indexer", "2190-01-01"); }),
              HasSubstr("still to come"));
  EXPECT_THAT(administers([](Organisation& o) { o.note_training("indexer", "2026-02-30"); }),
              HasSubstr("no day"));
  EXPECT_THAT(administers([](Organisation& o) { o.set_agreement("indexer", "WB", "2190-01-01"); }),
              HasSubstr("has no agreement"));
}

TEST_F(OfficeWork, APageThatIsSetAsideStaysSoByADecision) {
  PageNumber aside = 0;
  {
    Records records = as("root");
    SourceRecord one = source(records.open_batch("key", "box", {}).number, "2.tif", "others", 1);
    one = records.add_source(one);
    PageRecord made = filed(one, 0);
    made.state = PageState::set_aside;
    made.fault = PageFault{Stage::decode, FaultReason::damaged, ""};
    aside = records.put_page(made);
  }
  Records records = as("records_manager");
  SettledPages settled(records);
  EXPECT_THAT(refusal([&] { settled.settle(page, "无需处理"); }), HasSubstr("set aside"));
  EXPECT_THAT(refusal([&] { settled.settle(aside, ""); }), HasSubstr("why"));
  settled.settle(aside, "原件即破损");
  EXPECT_THAT(refusal([&] { settled.settle(aside, "再"); }), HasSubstr("before"));
  EXPECT_EQ(settled.of_batch(1).at(aside).settled_by, "records_manager");
  const auto faults = Overview(records).faults(0);
  ASSERT_THAT(faults, SizeIs(1));
  EXPECT_EQ(faults[0].reason, "damaged");
}

TEST_F(OfficeWork, TheBoardFindsWordsAsTheyAre) {
  Records records = as("records_manager");
  const Overview overview(records);
  BoardWish wish;
  EXPECT_EQ(overview.counts(wish).all, 1);
  for (const char* words : {"box", "BOX", " box  b "}) {
    wish.words = words;
    EXPECT_EQ(overview.counts(wish).all, 1) << words;
  }
  for (const char* words : {"%", "_", "box other", "' OR 1=1 --"}) {
    wish.words = words;
    EXPECT_THAT(overview.rows(wish), SizeIs(0)) << words;
  }
}

TEST_F(OfficeWork, EveryEntryCanBeProvedUnderTheSignedHead) {
  as("records_manager");  // signs when it goes
  LedgerCheck check(folder / "ledger");
  const LedgerCheck::Head head = check.look();
  ASSERT_GT(head.size, 1);
  EXPECT_TRUE(head.holds());
  Records reader = Records::open_reader(folder.path());
  MerkleHasher hasher(DigestKind::sha256);
  for (std::int64_t number = 1; number <= head.size; ++number) {
    const auto entry = History(reader).entry(number);
    ASSERT_TRUE(entry);
    EXPECT_EQ(hasher.leaf(entry_text(*entry)), *check.leaf(number));
  }
  EXPECT_FALSE(check.leaf(head.size + 1));
  EXPECT_FALSE(check.proof(0));
  EXPECT_EQ(check.proof(1)->tree_size, head.size);
}

TEST_F(OfficeWork, AHeadThatWasChangedDoesNotHold) {
  as("records_manager");
  {
    std::fstream leaves(folder / "ledger" / "leaves",
                        std::ios::binary | std::ios::in | std::ios::out);
    const char first = static_cast<char>(leaves.get());
    leaves.seekp(0);
    leaves.put(static_cast<char>(first ^ 1));
  }
  EXPECT_FALSE(LedgerCheck(folder / "ledger").look().root_holds);
  EXPECT_TRUE(LedgerCheck(folder / "ledger").look().signature_holds);
}

TEST_F(OfficeWork, HistoryIsReadNewestFirstByWhatIsWanted) {
  {
    Records records = as("records_manager");
    Places(records).put({dossier, 0, "一号库", "", "", "", "", "", ""});
    Places(records).put({dossier, 0, "二号库", "", "", "", "", "", ""});
  }
  Records reader = Records::open_reader(folder.path());
  std::vector<std::int64_t> found;
  EventFilter filter;
  filter.action = "paper_placed";
  filter.object_kind = "dossier";
  filter.object_number = dossier;
  const auto gather = [&found](const Records::Event& event) {
    found.push_back(event.number);
    return true;
  };
  History(reader).newest_first(filter, 0, gather);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_GT(found[0], found[1]);
  const std::int64_t last = found[0];
  found.clear();
  History(reader).newest_first(filter, last, gather);
  EXPECT_THAT(found, SizeIs(1));
  filter.who = "somebody else";
  History(reader).newest_first(filter, 0, [](const Records::Event&) {
    ADD_FAILURE();
    return true;
  });
}

}  // namespace
}  // namespace archive
