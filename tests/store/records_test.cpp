#include "store/records/records.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/timestamp.h"
#include "store/records/sql.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

struct RecordsTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());

  std::vector<std::string> history() const {
    std::vector<std::string> actions;
    records.for_each_event(0, [&](const Records::Event& e) { actions.push_back(e.action); });
    return actions;
  }
};

void expect_kind(ErrorKind kind, const std::function<void()>& act) {
  try {
    act();
    FAIL() << "nothing was refused";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_FALSE(error.what_to_do().empty());
  }
}

TEST(RecordsFile, IsMadeOnceAndMissedWhenGone) {
  const TemporaryFolder folder;
  expect_kind(ErrorKind::archive_missing, [&] { Records::open_writer(folder.path()); });
  expect_kind(ErrorKind::archive_missing, [&] { Records::open_reader(folder.path()); });
  Records::create(folder.path());
  expect_kind(ErrorKind::usage, [&] { Records::create(folder.path()); });
  Records::open_writer(folder.path());
}

TEST(RecordsFile, IsMadeAfterAnInterruptedAttempt) {
  const TemporaryFolder folder;
  write_file(folder / "records.sqlite.new", "half a data");
  write_file(folder / "records.sqlite.new-wal", "base");
  Records::create(folder.path());
  EXPECT_FALSE(fs::exists(folder / "records.sqlite.new"));
  EXPECT_GE(Records::open_writer(folder.path()).schema_version(), 1);
}

TEST_F(RecordsTest, HaveOneWriterAndAnyNumberOfReaders) {
  const pid_t holder = ::getpid();
  try {
    Records::open_writer(folder.path());
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::archive_locked);
    EXPECT_NE(error.problem().find(std::to_string(holder)), std::string::npos);
  }
  const Records one = Records::open_reader(folder.path());
  const Records two = Records::open_reader(folder.path());
  records.open_batch("b", "b", {});
  EXPECT_EQ(one.batches().size(), 1u);
  EXPECT_EQ(two.batches().size(), 1u);
}

TEST_F(RecordsTest, AreFreeAgainWhenTheWriterIsGone) {
  { const Records writer = std::move(records); }
  EXPECT_NO_THROW(Records::open_writer(folder.path()));
}

TEST_F(RecordsTest, ABatchIsFoundAgainByItsKey) {
  const BatchRecord made = records.open_batch("/scans/2024-06", "June", {});
  EXPECT_EQ(made.state, BatchState::open);
  EXPECT_EQ(made.name, "June");
  EXPECT_TRUE(parse_iso8601(made.opened_at));
  EXPECT_EQ(records.open_batch("/scans/2024-06", "June", {}).number, made.number);
  EXPECT_NE(records.open_batch("/scans/2024-07", "June", {}).number, made.number);
  EXPECT_EQ(records.batches().size(), 2u);
  EXPECT_EQ(records.batch_named("/scans/2024-06")->number, made.number);
  EXPECT_NE(records.batch_named("June")->number, made.number) << "the newest of a name";
  EXPECT_FALSE(records.batch_named("July"));
  EXPECT_EQ(records.batch_named("1")->number, 1);
  EXPECT_FALSE(records.batch_named("3"));
  records.open_batch("1", "one", {});
  EXPECT_EQ(records.batch_named("1")->number, 3) << "a key or a name comes before a number";
}

// A scan states its scanner and its resolution only: the count of the paper was wiped.
TEST_F(RecordsTest, WhatAJobSheetLeavesOpenStaysAsItWasStated) {
  records.open_batch("b", "b", {40, 2, "operator", "", 0});
  const JobSheet both{40, 2, "operator", "scanner", 300};
  EXPECT_EQ(records.open_batch("b", "b", {0, 0, "", "scanner", 300}).job_sheet, both);
}

TEST_F(RecordsTest, R30_ABatchKeepsTheCategoryOfItsPapers) {
  JobSheet sheet;
  EXPECT_EQ(records.open_batch("b", "b", sheet).job_sheet.category, "");
  sheet.category = "文书档案";
  EXPECT_EQ(records.open_batch("b", "b", sheet).job_sheet.category, "文书档案");
  EXPECT_EQ(records.open_batch("b", "b", {}).job_sheet.category, "文书档案");
}

TEST_F(RecordsTest, AJobSheetIsKeptUntilAnotherStatesSomething) {
  const JobSheet sheet{40, 2, "operator", "scanner", 300};
  records.open_batch("b", "b", sheet);
  EXPECT_EQ(records.open_batch("b", "b", {}).job_sheet, sheet);
  const JobSheet other{41, 2, "operator", "scanner", 300};
  records.close_batch(1, BatchState::held, "two pages too few", std::nullopt);
  EXPECT_EQ(records.open_batch("b", "b", sheet).state, BatchState::held) << "nothing new";
  const BatchRecord corrected = records.open_batch("b", "b", other);
  EXPECT_EQ(corrected.job_sheet, other);
  EXPECT_EQ(corrected.state, BatchState::open) << "the count is to be compared again";
}

TEST_F(RecordsTest, AClosedBatchOpensAgainOnlyWhenSomethingNewComes) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const SourceRecord file = records.add_source(source(batch, "1.tif", "bytes", 1));
  records.put_page(filed(file, 0));
  records.close_batch(batch, BatchState::held, "one sheet too few", hash_of("report"));
  EXPECT_EQ(records.batch(batch)->state, BatchState::held);
  EXPECT_EQ(records.batch(batch)->held_reason, "one sheet too few");
  EXPECT_EQ(records.batch(batch)->report_blob, hash_of("report"));
  EXPECT_TRUE(parse_iso8601(records.batch(batch)->closed_at));

  records.open_batch("b", "b", {});
  records.add_source(source(batch, "1.tif", "bytes", 1));
  records.set_source_pages(file.number, 1, {});
  EXPECT_EQ(records.batch(batch)->state, BatchState::held);
  records.add_source(source(batch, "2.tif", "new", 1, 1));
  EXPECT_EQ(records.batch(batch)->state, BatchState::open);
  EXPECT_EQ(records.batch(batch)->closed_at, "");
}

TEST_F(RecordsTest, TheSamePlaceWithTheSameBytesIsARerun) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const SourceRecord first = records.add_source(source(batch, "1.tif", "bytes", 3, 5));
  EXPECT_EQ(first.repeat_of, 0);
  EXPECT_TRUE(parse_iso8601(first.received_at));
  const SourceRecord again = records.add_source(source(batch, "1.tif", "bytes", -1, 99));
  EXPECT_EQ(again.number, first.number);
  EXPECT_EQ(again.first_order, 5);
  EXPECT_EQ(again.pages, 3);
  EXPECT_EQ(records.sources(batch).size(), 1u);
}

struct Delivery {
  const char* name;
  const char* batch;
  const char* file;
  const char* bytes;
  bool repeats;
};
class NewDelivery : public testing::TestWithParam<Delivery> {};

TEST_P(NewDelivery, HasANumberOfItsOwn) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const SourceRecord first = records.add_source(source(batch, "1.tif", "bytes", 1));
  const BatchNumber other = records.open_batch(GetParam().batch, "", {}).number;
  const SourceRecord fresh =
      records.add_source(source(other, GetParam().file, GetParam().bytes, 1));
  EXPECT_NE(fresh.number, first.number);
  EXPECT_EQ(fresh.repeat_of, GetParam().repeats ? first.number : 0);
}

INSTANTIATE_TEST_SUITE_P(Neighbours, NewDelivery,
                         testing::Values(Delivery{"OtherName", "b", "2.tif", "bytes", true},
                                         Delivery{"OtherBatch", "c", "1.tif", "bytes", true},
                                         Delivery{"OtherBytes", "b", "1.tif", "changed", false},
                                         Delivery{"AllOther", "c", "2.tif", "changed", false}),
                         [](const auto& row) { return row.param.name; });

TEST_F(RecordsTest, RepeatsPointToTheFirstOfTheirBytes) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const auto first = records.add_source(source(batch, "1.tif", "blank", 1)).number;
  EXPECT_EQ(records.add_source(source(batch, "2.tif", "blank", 1)).repeat_of, first);
  EXPECT_EQ(records.add_source(source(batch, "3.tif", "blank", 1)).repeat_of, first);
}

TEST_F(RecordsTest, FilesThatCouldNotBeReadAreDeliveriesToo) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  SourceRecord unreadable = source(batch, "1.tif", "", 1);
  unreadable.blob.reset();
  const SourceRecord first = records.add_source(unreadable);
  EXPECT_FALSE(first.blob);
  EXPECT_EQ(records.add_source(unreadable).number, first.number);
  unreadable.name = "2.tif";
  const SourceRecord other = records.add_source(unreadable);
  EXPECT_NE(other.number, first.number);
  EXPECT_EQ(other.repeat_of, 0) << "no bytes are not the same bytes";
}

struct HandedInAgainTest : RecordsTest {
  BatchNumber batch = records.open_batch("b", "b", {}).number;
  SourceRecord unread = hand_in_unreadable("1.tif", FaultReason::unreadable_file, 0);
  SourceRecord next = records.add_source(source(batch, "2.tif", "next", 1, 1));
  PageNumber page = records.pages(batch).front().number;

  SourceRecord hand_in_unreadable(const std::string& name, FaultReason reason, int order) {
    SourceRecord given = source(batch, name, "", 1, order);
    given.blob.reset();
    given.carrier = Carrier::other;
    given = records.add_source(given);
    PageRecord placeholder = set_aside(given, 0, reason);
    placeholder.fault->stage = Stage::receive;
    records.put_page(placeholder);
    return given;
  }
  void finish() {
    records.put_page(filed(next, 0));
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
  }
  void expect_all_accounted(std::int64_t pages) {
    const BatchCounts counts = records.counts(batch);
    EXPECT_EQ(counts.occurrences, pages);
    EXPECT_EQ(counts.filed + counts.set_aside, pages);
    EXPECT_TRUE(records.gaps(batch).empty());
  }
};

TEST_F(HandedInAgainTest, AFileGetsTheBytesThatCouldNotBeReadBefore) {
  finish();
  EXPECT_EQ(records.pages_done(unread.number), std::set<int>{0});
  const SourceRecord mended = records.add_source(source(batch, "1.tif", "bytes", 1, 2));
  EXPECT_EQ(mended.number, unread.number);
  EXPECT_EQ(mended.first_order, 0) << "its place in the batch";
  EXPECT_EQ(mended.blob, hash_of("bytes"));
  EXPECT_EQ(mended.carrier, Carrier::image);
  EXPECT_EQ(records.batch(batch)->state, BatchState::open);
  EXPECT_TRUE(records.pages_done(mended.number).empty());
  EXPECT_EQ(records.add_source(source(batch, "1.tif", "bytes", 1, 2)).number, mended.number);

  EXPECT_EQ(records.put_page(filed(mended, 0)), page);
  EXPECT_EQ(records.pages_done(mended.number), std::set<int>{0});
  EXPECT_EQ(records.counts(batch).set_aside, 0);
  expect_all_accounted(2);
  EXPECT_EQ(history().back(), "page_filed_again");
  EXPECT_TRUE(std::ranges::count(history(), "source_received_again"));
}

TEST_F(HandedInAgainTest, ItsPagesPushTheLaterOnesBack) {
  finish();
  const SourceRecord mended = records.add_source(source(batch, "1.tif", "bytes", 3, 2));
  records.set_source_pages(mended.number, 3, {});
  for (int i = 0; i < 3; ++i) records.put_page(filed(mended, i));
  std::vector<std::string> order;
  for (const PageRecord& each : records.pages(batch)) {
    order.push_back(each.source_name + ":" + std::to_string(each.occurrence.order));
  }
  EXPECT_EQ(order, (std::vector<std::string>{"1.tif:0", "1.tif:1", "1.tif:2", "2.tif:3"}));
  EXPECT_EQ(records.source(next.number)->first_order, 3);
  EXPECT_EQ(records.next_order(batch), 4);
  expect_all_accounted(4);
}

TEST_F(HandedInAgainTest, ACarrierThatIsNotReadHasNoPageAfterAll) {
  finish();
  SourceRecord audio = source(batch, "1.tif", "ID3", 0, 2);
  audio.carrier = Carrier::audio;
  records.set_source_pages(records.add_source(audio).number, 0, {});
  EXPECT_FALSE(records.page(page));
  EXPECT_EQ(records.counts(batch).carriers_kept, 1);
  expect_all_accounted(1);
  EXPECT_TRUE(std::ranges::count(history(), "page_withdrawn"));
}

TEST_F(HandedInAgainTest, AFileThatWasReadOnceNeedsNoStandIn) {
  records.put_page(filed(next, 0));
  const SourceRecord locked = hand_in_unreadable("2.tif", FaultReason::vanished, 2);
  EXPECT_NE(locked.number, next.number);
  records.close_batch(batch, BatchState::complete, "", std::nullopt);
  EXPECT_EQ(records.add_source(source(batch, "2.tif", "next", 1, 3)).number, next.number);
  EXPECT_FALSE(records.source(locked.number));
  EXPECT_EQ(records.batch(batch)->state, BatchState::open) << "its report is out of date";
  EXPECT_EQ(records.counts(batch).set_aside, 1) << "1.tif waits as before";
  expect_all_accounted(2);
  EXPECT_EQ(records.broken_references(), std::vector<std::string>());
}

TEST_F(HandedInAgainTest, ADamagedFileIsNoReasonToDoAnotherAgain) {
  const SourceRecord damaged = records.add_source(source(batch, "3.tif", "damaged", 1, 2));
  records.put_page(set_aside(damaged, 0, FaultReason::damaged));
  EXPECT_NE(records.add_source(source(batch, "3.tif", "sound", 1, 3)).number, damaged.number);
  EXPECT_EQ(records.pages_done(damaged.number), std::set<int>{0});
}

TEST_F(RecordsTest, EveryMemberOfASourceComesBack) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  SourceRecord given = source(batch, "子文件夹/1.tif", "bytes", 3, 7);
  given.kind = SourceKind::jpeg2000;
  given.carrier = Carrier::document;
  given.warnings = {"tag 34016 is \"odd\"", "第二条"};
  given.size_bytes = 5'000'000'000;
  const SourceRecord kept = records.source(records.add_source(given).number).value();
  EXPECT_EQ(kept.name, given.name);
  EXPECT_EQ(kept.blob, given.blob);
  EXPECT_EQ(kept.size_bytes, given.size_bytes);
  EXPECT_EQ(kept.kind, given.kind);
  EXPECT_EQ(kept.carrier, given.carrier);
  EXPECT_EQ(kept.warnings, given.warnings);
  EXPECT_EQ(kept.first_order, 7);
  records.set_source_pages(kept.number, 12, {"other"});
  EXPECT_EQ(records.source(kept.number)->pages, 12);
  EXPECT_EQ(records.source(kept.number)->warnings, std::vector<std::string>{"other"});
  expect_kind(ErrorKind::not_found, [&] { records.set_source_pages(99, 1, {}); });
}

TEST_F(RecordsTest, TheNextPlaceComesAfterAllKnownPages) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  EXPECT_EQ(records.next_order(batch), 0);
  records.add_source(source(batch, "1.tif", "a", 10, 0));
  EXPECT_EQ(records.next_order(batch), 10);
  const auto unknown = records.add_source(source(batch, "2.tif", "b", -1, 10));
  EXPECT_EQ(records.next_order(batch), 11);
  records.put_page(filed(unknown, 4));
  EXPECT_EQ(records.next_order(batch), 15);
  EXPECT_EQ(records.next_order(batch + 1), 0);
}

TEST_F(RecordsTest, EachChangeIsOneLineOfHistory) {
  const BatchNumber batch = records.open_batch("b", "b", {5, 1, "", "", 0}).number;
  records.open_batch("b", "b", {});
  const SourceRecord file = records.add_source(source(batch, "张三.tif", "bytes", 2));
  records.add_source(source(batch, "张三.tif", "bytes", 2));
  records.put_page(full_page(file, 0));
  records.put_page(set_aside(file, 1));
  records.put_page(filed(file, 1));
  records.close_batch(batch, BatchState::complete, "", hash_of("report"));
  EXPECT_EQ(history(),
            (std::vector<std::string>{"ledger_begun", "schema_changed", "batch_opened",
                                      "job_sheet_set", "source_received", "page_filed",
                                      "page_set_aside", "page_filed_again", "batch_closed"}));
  records.for_each_event(0, [](const Records::Event& event) {
    EXPECT_EQ(event.actor, "juanzong");
    EXPECT_TRUE(parse_iso8601(event.happened_at));
    EXPECT_EQ(event.details.find("张三"), std::string::npos) << event.details;
  });
}

TEST_F(RecordsTest, WhatWasRefusedLeavesNoHistory) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  SourceRecord orphan = source(batch + 9, "1.tif", "bytes", 1);
  EXPECT_THROW(records.add_source(orphan), ArchiveError);
  EXPECT_EQ(history(),
            (std::vector<std::string>{"ledger_begun", "schema_changed", "batch_opened"}));
}

TEST_F(RecordsTest, HistoryCannotBeRewritten) {
  records.open_batch("b", "b", {});
  { const Records closed = std::move(records); }
  Database db(folder / "records.sqlite", Database::Access::write);
  EXPECT_THROW(db.execute("UPDATE events SET actor = 'nobody'"), SqlError);
  EXPECT_THROW(db.execute("DELETE FROM events"), SqlError);
  EXPECT_EQ(db.number("SELECT COUNT(*) FROM events"), 3);
}

TEST_F(RecordsTest, KeepTheirFilesFromOthers) {
  records.open_batch("b", "b", {});
  for (const char* name : {"records.sqlite", "records.sqlite-wal", "records.sqlite-shm"}) {
    struct stat state {};
    ASSERT_EQ(::stat((folder / name).c_str(), &state), 0) << name;
    EXPECT_EQ(state.st_mode & 07, 0u) << name;
  }
}

TEST_F(RecordsTest, SoundOnesHaveNoBrokenReferences) {
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const SourceRecord file = records.add_source(source(batch, "1.tif", "bytes", 1));
  records.put_page(full_page(file, 0));
  EXPECT_TRUE(records.broken_references().empty());
}

struct Break {
  const char* name;
  const char* script;
};
class BrokenRecords : public testing::TestWithParam<Break> {};

TEST_P(BrokenRecords, AreTold) {
  const TemporaryFolder folder;
  {
    Records records = Records::create(folder.path());
    for (const char* key : {"a", "b"}) {
      const BatchNumber batch = records.open_batch(key, key, {}).number;
      const SourceRecord file = records.add_source(source(batch, "1.tif", key, 1));
      const PageNumber page = records.put_page(full_page(file, 0));
      Records::AssembledDossier dossier;
      dossier.dossier.key = "d";
      dossier.dossier.items = {ItemRecord{0, 0, 1, "DT05", "", "", "", "Y"}};
      dossier.pages = {{page, 1, 1}};
      records.assemble(batch, {dossier});
    }
    ASSERT_TRUE(records.broken_references().empty());
  }
  {
    Database db(folder / "records.sqlite", Database::Access::write);
    db.run_script("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    db.run_script(GetParam().script);
  }
  EXPECT_FALSE(Records::open_reader(folder.path()).broken_references().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Edits, BrokenRecords,
    testing::Values(Break{"SourceGone", "DELETE FROM sources WHERE source = 1"},
                    Break{"PageGone", "DELETE FROM pages WHERE page = 1"},
                    Break{"BatchGone", "DELETE FROM batches WHERE batch = 2"},
                    Break{"DossierGone", "DELETE FROM dossiers WHERE dossier = 1"},
                    Break{"ItemGone", "DELETE FROM items WHERE item = 1"},
                    Break{"NoHash", "UPDATE pages SET layout_blob = 'sha256-12' WHERE page = 1"},
                    Break{"ItemOfOther", "UPDATE pages SET item = 2 WHERE page = 1"},
                    Break{"DossierOfOther",
                          "UPDATE pages SET dossier = 2, item = 2 WHERE page = 1"},
                    Break{"UnknownState", "UPDATE pages SET state = 'lost' WHERE page = 1"}),
    [](const auto& row) { return row.param.name; });

TEST_F(RecordsTest, ABrokenSchemaIsToldWhenTheyAreOpened) {
  { const Records closed = std::move(records); }
  {
    Database db(folder / "records.sqlite", Database::Access::write);
    db.run_script("PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'fields'");
  }
  expect_kind(ErrorKind::records, [&] { Records::open_reader(folder.path()); });
}

}  // namespace
}  // namespace archive
