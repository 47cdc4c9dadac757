#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "store/archive_folder.h"
#include "store/ledger/entry_text.h"
#include "store/ledger/head_log.h"
#include "store/objects/digest.h"
#include "store/records/ledger_entries.h"
#include "store/records/ledger_writer.h"
#include "store/records/records.h"
#include "store/records/schema.h"
#include "tests/store/record_samples.h"
#include "tests/store/saboteur_disk.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// The texts are promises to whoever checks an archive in fifty years: a change here is a new
// format.
TEST(LedgerTexts, AnEntry) {
  LedgerEntry entry;
  entry.number = 7;
  entry.happened_at = "2024-05-06T07:08:09.010+08:00";
  entry.acting = {"wang", "复核", "错页\n归位", "juanzong move", {}};
  entry.action = "page_moved";
  entry.object_kind = "page";
  entry.object_number = 12;
  entry.details = R"({"to":3})";
  EXPECT_EQ(entry_text(entry),
            "juanzong-event 1\n"
            "number 7\n"
            "at 2024-05-06T07:08:09.010+08:00\n"
            "who wang\n"
            "post 复核\n"
            "action page_moved\n"
            "object page 12\n"
            "reason 错页\\n归位\n"
            "method juanzong move\n"
            "details {\"to\":3}\n");
  entry.has_changes = true;
  entry.changes = digests_of("abc");
  EXPECT_THAT(
      entry_text(entry),
      testing::EndsWith("changes ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad "
                        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0\n"));
}

TEST(LedgerTexts, Changes) {
  RowChange change;
  change.table = "pages";
  change.columns = {{"page", true, {}, std::int64_t{3}},
                    {"title", false, {}, std::string_view("张\t三\\\x01\x7f")},
                    {"skew", false, {}, -1.25},
                    {"whole", false, {}, 2.0},
                    {"item", false, {}, {}},
                    {"sketch", false, {}, RowBytes{std::string_view("\0\xff", 2)}}};
  EXPECT_EQ(change_line(change),
            "+pages\t@page=3\ttitle='张\\t三\\\\\\x01\\x7F\tskew=-1.25\twhole=2\titem=-\t"
            "sketch=x00ff\n");
  change.kind = RowChange::Kind::changed;
  change.columns = {{"page", true, std::int64_t{3}, {}},
                    {"title", false, std::string_view("a"), std::string_view("b")}};
  EXPECT_EQ(change_line(change), "~pages\t@page=3\ttitle='a\ttitle:='b\n");
  change.kind = RowChange::Kind::removed;
  change.columns.pop_back();
  EXPECT_EQ(change_line(change), "-pages\t@page=3\n");
}

TEST(LedgerTexts, AHead) {
  LedgerHead head;
  head.size = 5;
  head.signed_at = "2024-05-06T07:08:09.010+08:00";
  EXPECT_EQ(head_text(head), "juanzong-head 1\t5\t2024-05-06T07:08:09.010+08:00\t" +
                                 std::string(64, '0') + "\t" + std::string(64, '0'));
}

class Ledger : public ::testing::Test {
 protected:
  Ledger() : archive(ArchiveFolder::create(top / "archive", "")) {
    fs::create_directory(top / "outside");
  }
  Records open() const {
    Records::Writing writing;
    writing.heads_to = {top / "outside"};
    return Records::open_writer(archive.path(), writing);
  }
  std::size_t heads() const {
    const std::string text = read_file(archive.ledger() / "heads");
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
  std::vector<std::string> actions() const {
    std::vector<std::string> list;
    Records::open_reader(archive.path()).for_each_event(0, [&list](const Records::Event& event) {
      list.push_back(event.action);
    });
    return list;
  }
  std::int64_t entries_with_changes() const {
    Database database(archive.path() / "records.sqlite", Database::Access::read);
    std::int64_t count = 0;
    for_each_entry(database, 0, [&count](const LedgerEntry& e) { count += e.has_changes ? 1 : 0; });
    return count;
  }

  TemporaryFolder top;
  ArchiveFolder archive;
};

TEST_F(Ledger, IsSignedWhenABatchClosesAndWhenTheWriterGoes) {
  const std::size_t at_first = heads();
  {
    Records records = open();
    const BatchNumber batch = records.open_batch("b", "b", {}).number;
    EXPECT_EQ(heads(), at_first) << "one entry waits for more";
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
    EXPECT_EQ(heads(), at_first + 1);
    records.open_batch("c", "c", {});
    EXPECT_EQ(heads(), at_first + 1);
  }
  EXPECT_EQ(heads(), at_first + 2);
  { open(); }
  EXPECT_EQ(heads(), at_first + 2) << "nothing new, nothing to sign";
  EXPECT_EQ(read_file(top / "outside/heads"), read_file(archive.ledger() / "heads"));
  EXPECT_EQ(read_file(top / "outside/leaves"), read_file(archive.ledger() / "leaves"));
}

TEST_F(Ledger, IsSignedAtLeastEveryHundredEntries) {
  Records records = open();
  const std::size_t at_first = heads();
  for (int i = 0; i < 250; ++i) records.open_batch(std::to_string(i), "b", {});
  EXPECT_EQ(heads(), at_first + 2);
}

TEST_F(Ledger, WhatIsUndoneLeavesNoEntry) {
  Records records = open();
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const std::vector<std::string> before = actions();
  EXPECT_ANY_THROW(records.assemble(batch, {{{}, {{999, 1, 1}}, {}, {}}}));
  EXPECT_EQ(actions(), before);
  records.open_batch("c", "c", {});
  EXPECT_EQ(records.settle_ledger().entries, static_cast<std::int64_t>(before.size()) + 1);
}

TEST_F(Ledger, BookkeepingIsNoEntry) {
  Records records = open();
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const SourceRecord file = records.add_source(source(batch, "1.tif", "x", 1));
  const PageNumber page = records.put_page(filed(file, 0));
  const std::vector<std::string> before = actions();
  records.mark_indexed({page});
  records.mark_all_unindexed();
  EXPECT_EQ(actions(), before);
}

TEST_F(Ledger, SaysInWhoseNameAndWhy) {
  Records::Writing writing;
  writing.acting = {"wang", "复核", "补录", "juanzong ingest", {}};
  { Records::open_writer(archive.path(), writing).open_batch("b", "b", {}); }
  Records::Event last;
  Records::open_reader(archive.path()).for_each_event(0, [&last](const auto& e) { last = e; });
  EXPECT_EQ(last.actor, "wang");
  EXPECT_EQ(last.post, "复核");
  EXPECT_EQ(last.reason, "补录");
  EXPECT_EQ(last.method, "juanzong ingest");
}

// A kill between commit and signature: the next writer signs what is committed.
TEST_F(Ledger, WhatAKillLeftUnsignedIsSignedByTheNext) {
  const std::string heads_before = read_file(archive.ledger() / "heads");
  const std::string leaves_before = read_file(archive.ledger() / "leaves");
  { open().open_batch("b", "b", {}); }
  const std::string whole = read_file(archive.ledger() / "heads");
  write_file(archive.ledger() / "heads", heads_before + "juanzong-head 1\t9");  // torn
  write_file(archive.ledger() / "leaves", leaves_before + "torn");
  { open(); }
  const std::string again = read_file(archive.ledger() / "heads");
  EXPECT_EQ(again.substr(0, heads_before.size()), heads_before);
  EXPECT_EQ(std::ranges::count(again, '\n'), std::ranges::count(whole, '\n'));
}

TEST_F(Ledger, AMediumThatWasAwayGetsWhatItLacks) {
  fs::rename(top / "outside", top / "away");
  {
    Records records = open();
    records.open_batch("b", "b", {});
    const auto state = records.settle_ledger();
    ASSERT_EQ(state.outside.size(), 1u);
    EXPECT_EQ(state.outside[0].state, HeadLog::Outside::State::unreachable);
    EXPECT_FALSE(fs::exists(top / "outside")) << "a mount point is not made";
  }
  fs::rename(top / "away", top / "outside");
  EXPECT_EQ(open().settle_ledger().outside[0].state, HeadLog::Outside::State::current);
  EXPECT_EQ(read_file(top / "outside/heads"), read_file(archive.ledger() / "heads"));
}

TEST_F(Ledger, ACopyThatSaysSomethingElseIsNeverOverwritten) {
  { open().open_batch("b", "b", {}); }
  std::string other = read_file(top / "outside/heads");
  other[other.size() - 2] = other[other.size() - 2] == 'a' ? 'b' : 'a';
  write_file(top / "outside/heads", other);
  {
    Records records = open();
    records.open_batch("c", "c", {});
    EXPECT_EQ(records.settle_ledger().outside[0].state, HeadLog::Outside::State::contradicts);
  }
  EXPECT_EQ(read_file(top / "outside/heads"), other);
  write_file(top / "outside/heads", read_file(archive.ledger() / "heads") + other);
  EXPECT_EQ(open().settle_ledger().outside[0].state, HeadLog::Outside::State::ahead);
}

// After a failed fsync a second one lies, and half a line may be there.
TEST_F(Ledger, AHeadThatCouldNotBeWrittenIsLeftToTheNextProcess) {
  const LedgerPlaces places{archive.ledger(), {}, {}};
  for (const DiskCall call : {DiskCall::write, DiskCall::sync}) {
    for (int nth = 1; nth <= 2; ++nth) {
      FailingDisk disk({call, nth, EIO, false});
      HeadLog log(places, disk);
      const LedgerHead head{log.last().entries + 1, "2024-05-06T07:08:09.010+08:00", {}};
      const std::vector<Digest> leaf(1);
      EXPECT_THROW(log.append(head, leaf), ArchiveError);
      const std::string leaves = read_file(archive.ledger() / "leaves");
      EXPECT_THROW(log.append(head, leaf), ArchiveError);
      EXPECT_EQ(read_file(archive.ledger() / "leaves"), leaves) << "no second time";
    }
  }
  HeadLog next(places);
  EXPECT_EQ(read_file(archive.ledger() / "leaves").size(),
            static_cast<std::size_t>(next.last().entries) * sizeof(Digest));
}

// Any 32 bytes are a private key.
TEST_F(Ledger, ADamagedKeySignsNothing) {
  const fs::path file = archive.ledger() / "signing.key";
  const std::string text = read_file(file);
  std::string damaged = text;
  const std::size_t digit = damaged.find('\n') + 50;
  damaged[digit] = damaged[digit] == 'A' ? 'B' : 'A';
  write_file(file, damaged);
  EXPECT_THROW(open(), ArchiveError);
  EXPECT_NE(HeadLog::key_problem({archive.ledger(), {}, {}}), "");
  write_file(file, text + "\n");
  EXPECT_NE(HeadLog::key_problem({archive.ledger(), {}, {}}), "") << "not as it was written";
  write_file(file, text);
  EXPECT_EQ(HeadLog::key_problem({archive.ledger(), {}, {}}), "");
  { open(); }
}

// It would be signed with the next entry, and contradict all that was signed before.
TEST_F(Ledger, DoesNotGoOnFromADamagedTree) {
  { open().open_batch("b", "b", {}); }
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script("UPDATE ledger_tree SET sha256_peaks = zeroblob(length(sha256_peaks))");
  }
  const std::size_t before = heads();
  EXPECT_THROW(open(), ArchiveError);
  EXPECT_EQ(heads(), before);
}

// It would sign anew whatever somebody made of the past who has no key.
TEST_F(Ledger, DoesNotGoOnWithoutTheHeadsThatWereSigned) {
  { open().open_batch("b", "b", {}); }
  const fs::path file = archive.ledger() / "heads";
  const std::string whole = read_file(file);
  const std::string leaves = read_file(archive.ledger() / "leaves");
  for (const char* left : {"", "\n", "nonsense\n", "juanzong-head 1\t9"}) {
    write_file(file, left);
    EXPECT_THROW(open(), ArchiveError) << left;
    EXPECT_EQ(read_file(file), left) << "nothing is signed or cut";
    EXPECT_EQ(read_file(archive.ledger() / "leaves"), leaves);
  }
  fs::remove(file);
  EXPECT_THROW(open(), ArchiveError);
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script("CREATE TABLE kept AS SELECT * FROM ledger_tree; DELETE FROM ledger_tree");
  }
  EXPECT_THROW(open(), ArchiveError) << "a ledger begins once";
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script("INSERT INTO ledger_tree SELECT * FROM kept; DROP TABLE kept");
  }
  write_file(file, whole);
  EXPECT_NO_THROW(open());
}

// Only by a person who may, and only where no head is left.
TEST_F(Ledger, HeadsThatAreLostWithEveryCopyAreBegunAnew) {
  { open().open_batch("b", "b", {}); }
  Records::Writing writing;
  writing.heads_to = {top / "outside"};
  writing.acting.reason = "fire";
  writing.lost = LostOfLedger::heads;
  const auto refused = [&](ErrorKind kind) {
    try {
      Records::open_writer(archive.path(), writing);
    } catch (const ArchiveError& error) {
      return error.kind() == kind;
    }
    return false;
  };
  EXPECT_TRUE(refused(ErrorKind::usage)) << "they are there";
  fs::remove_all(archive.ledger());
  EXPECT_TRUE(refused(ErrorKind::usage)) << "they are outside";
  fs::rename(top / "outside", top / "away");
  fs::create_directory(top / "outside");
  EXPECT_THROW(open(), ArchiveError);
  writing.identity = Identity{7, "li", {}, {}};
  EXPECT_TRUE(refused(ErrorKind::forbidden));
  EXPECT_FALSE(fs::exists(archive.ledger())) << "nothing is made for one who may not";
  writing.identity->powers.give(Right::operate, "operator");
  fs::create_directory(archive.ledger());
  write_file(archive.ledger() / "heads", "half a li");
  const std::vector<std::string> before = actions();
  { Records::open_writer(archive.path(), writing); }
  std::vector<std::string> expected = before;
  expected.emplace_back(kHeadsBegunAnew);
  EXPECT_EQ(actions(), expected);
  EXPECT_EQ(read_file(archive.ledger() / "heads.lost-1"), "half a li");
  EXPECT_EQ(HeadLog::last_in(archive.ledger()).entries, static_cast<std::int64_t>(expected.size()));
  { open().open_batch("c", "c", {}); }
  fs::remove_all(top / "outside");
  fs::rename(top / "away", top / "outside");
  const std::string kept = read_file(top / "outside/heads");
  EXPECT_NE(open().settle_ledger().outside[0].state, HeadLog::Outside::State::current);
  EXPECT_EQ(read_file(top / "outside/heads"), kept) << "what was signed then stays what it is";
}

TEST_F(Ledger, HeadsAreNotBegunAnewOverEntriesThatAreNotTheirTree) {
  { open().open_batch("b", "b", {}); }
  fs::remove_all(archive.ledger());
  fs::remove_all(top / "outside");
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script(
        "DROP TRIGGER events_are_not_changed; UPDATE events SET reason = 'forged' WHERE event = 2");
  }
  Records::Writing writing;
  writing.lost = LostOfLedger::heads;
  const std::vector<std::string> before = actions();
  EXPECT_THROW(Records::open_writer(archive.path(), writing), ArchiveError);
  EXPECT_EQ(actions(), before);
  EXPECT_FALSE(fs::exists(archive.ledger()));
}

// A kill between the commit that begins a ledger and its first head.
TEST_F(Ledger, ABeginningThatWasNotSignedIsSignedByTheNext) {
  const fs::path file = top / "begun.sqlite";
  const LedgerPlaces places{top / "ledger", {}, {}};
  Database database(file, Database::Access::create);
  upgrade_schema(database, file.string());
  HeadLog::create(places);
  { const LedgerWriter ledger(database, places, {}, "db"); }
  const std::string leaves = read_file(places.folder / "leaves");
  const std::int64_t entries = HeadLog::last_in(places.folder).entries;
  EXPECT_GT(entries, 0);
  fs::remove(places.folder / "heads");
  { const LedgerWriter ledger(database, places, {}, "db"); }
  EXPECT_EQ(HeadLog::last_in(places.folder).entries, entries);
  EXPECT_EQ(read_file(places.folder / "leaves"), leaves);
}

TEST_F(Ledger, TheKeyIsForItsOwnerOnly) {
  const auto mode = fs::status(archive.ledger() / "signing.key").permissions();
  EXPECT_EQ(mode & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
  for (const auto& file : fs::recursive_directory_iterator(top / "outside")) {
    if (!file.is_regular_file()) continue;
    EXPECT_THAT(read_file(file.path()), testing::Not(testing::HasSubstr("PRIVATE")));
  }
}

// An archive of before the ledger: what was noted and every row are its first entries.
TEST_F(Ledger, BeginsWithEverythingThatIsThere) {
  {
    Records records = open();
    const BatchNumber batch = records.open_batch("b", "b", {}).number;
    const SourceRecord file = records.add_source(source(batch, "1.tif", "x", 1));
    records.put_page(full_page(file, 0));
  }
  {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script(
        "DROP TRIGGER events_are_not_changed; UPDATE events SET changes = x'', method = '';"
        "UPDATE events SET action = 'made' WHERE action = 'ledger_begun';"
        "DELETE FROM ledger_tree");
  }
  const std::vector<std::string> before = actions();
  fs::remove_all(archive.ledger());
  { Records::open_writer(archive.path()); }
  std::vector<std::string> expected = before;
  expected.push_back("ledger_begun");
  EXPECT_EQ(actions(), expected);
  EXPECT_EQ(entries_with_changes(), 1);
}

TEST_F(Ledger, EveryTableOfItsOwnHasAKey) {
  Database database(archive.path() / "records.sqlite", Database::Access::read);
  Rows rows = database.query("SELECT name FROM sqlite_master WHERE type = 'table'");
  while (rows.next()) {
    const std::string table = rows.text();
    if (!in_ledger(table)) continue;
    EXPECT_GT(database.number("SELECT COUNT(*) FROM pragma_table_info($1) WHERE pk > 0", {table}),
              0)
        << table << ": rows without a key are not seen to change";
  }
}

}  // namespace
}  // namespace archive
