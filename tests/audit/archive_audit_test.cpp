#include "audit/archive_audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "store/archive_folder.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"
#include "store/records/sql.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using audit::AuditReport;

std::vector<std::string> kinds(const AuditReport& report) {
  std::vector<std::string> found;
  for (const auto& finding : report.findings) found.push_back(finding.kind);
  return found;
}

std::string all_of(const AuditReport& report) {
  std::string text;
  for (const auto& finding : report.findings) {
    text += finding.kind + "  " + finding.where + "  " + finding.what + "\n";
  }
  return text;
}

/// An archive with a closed batch, whose heads are kept outside as well.
class AuditedArchive : public ::testing::Test {
 protected:
  AuditedArchive() : archive(ArchiveFolder::create(top / "archive", "")) {
    fs::create_directory(outside());
    Records records = open();
    const BatchNumber batch = records.open_batch("room-3", "room-3", {}).number;
    for (int i = 0; i < 4; ++i) {
      SourceRecord file = source(batch, std::to_string(i) + ".tif", "", 1, i);
      file.blob = objects.put("scan " + std::to_string(i));
      file = records.add_source(file);
      PageRecord page = full_page(file, 0);
      page.layout_blob = objects.put("layout " + std::to_string(i));
      page.alto_blob = objects.put("alto " + std::to_string(i));
      records.put_page(page);
      // Read again: rows change and go as well.
      page.fields.pop_back();
      page.fields[0].value = "李四\t\\\n\x1f\x7f" + std::to_string(i);
      records.put_page(page);
    }
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
  }

  fs::path outside() const { return top / "outside"; }
  Records open() const {
    Records::Writing writing;
    writing.acting = {"wang", "录入", "", "juanzong ingest", {}};
    writing.heads_to = {outside()};
    return Records::open_writer(archive.path(), writing);
  }
  AuditReport audit(bool with_outside = true) const {
    audit::AuditOptions options;
    if (with_outside) options.outside = {outside()};
    return audit::audit_archive(archive.path(), options);
  }
  /// What somebody with rights on the file does behind the program's back.
  void edit(const char* script) const {
    Database database(archive.path() / "records.sqlite", Database::Access::write);
    database.run_script("PRAGMA foreign_keys = OFF");
    database.run_script(script);
  }

  TemporaryFolder top;
  ArchiveFolder archive;
  ObjectStore objects{archive.objects()};
};

TEST_F(AuditedArchive, SoundWithAndWithoutHeadsFromOutside) {
  const AuditReport report = audit();
  EXPECT_TRUE(report.sound()) << all_of(report);
  EXPECT_GT(report.entries, 10);
  EXPECT_GT(report.heads, 1);
  EXPECT_GT(report.rows, 40);
  EXPECT_EQ(report.objects, 12);
  EXPECT_EQ(report.unsigned_entries, 0);
  EXPECT_THAT(report.remarks, testing::IsEmpty());

  const AuditReport alone = audit(false);
  EXPECT_TRUE(alone.sound()) << all_of(alone);
  EXPECT_EQ(alone.remarks.size(), 1u) << "nothing from outside: said so";
}

TEST_F(AuditedArchive, EverythingStaysSoundWhenTheArchiveGoesOn) {
  for (int i = 0; i < 3; ++i) {
    Records records = open();
    const BatchNumber batch = records.open_batch("b" + std::to_string(i), "b", {}).number;
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
  }
  EXPECT_TRUE(audit().sound()) << all_of(audit());
}

TEST_F(AuditedArchive, ANewerVersionsColumnsAndTablesAreReplayed) {
  {
    Records records = open();
    const std::array steps = {
        Migration{998, "0998_next",
                  "ALTER TABLE batches ADD COLUMN shelf TEXT NOT NULL DEFAULT 'none';"
                  "ALTER TABLE fields ADD COLUMN weight INTEGER NOT NULL DEFAULT 3;"},
        Migration{999, "0999_last",
                  "CREATE TABLE visits (visit INTEGER PRIMARY KEY, item BIGINT NOT NULL);"}};
    records.inside().upgrade(steps);
    RecordedTransaction transaction(records.inside());
    records.inside().database.run_script(
        "UPDATE batches SET shelf = 'A1'; INSERT INTO visits VALUES (1, 2);");
    records.inside().note("lent", "item", 2);
    transaction.commit();
  }
  EXPECT_TRUE(audit().sound()) << all_of(audit());
  edit("UPDATE fields SET weight = 4 WHERE position = 0");
  EXPECT_THAT(kinds(audit()), testing::Contains("row_changed"));
}

// What a power cut leaves of leaves that no head covers yet: room without its bytes.
TEST_F(AuditedArchive, LeavesBeyondTheLastHeadSayNothing) {
  const fs::path heads = archive.path() / "ledger" / "heads";
  const fs::path leaves = archive.path() / "ledger" / "leaves";
  std::string lines = read_file(heads);
  lines.pop_back();
  lines.resize(lines.rfind('\n') + 1);
  overwrite(heads, lines);
  std::string bytes = read_file(leaves);
  std::fill(bytes.end() - 32, bytes.end(), '\0');
  overwrite(leaves, bytes);
  EXPECT_TRUE(audit(false).sound()) << all_of(audit(false));
  bytes[0] ^= 1;
  overwrite(leaves, bytes);
  EXPECT_FALSE(audit(false).sound());
}

struct Edit {
  const char* what;
  const char* script;
  std::vector<std::string> found;  // each of them, among others
  std::int64_t first_wrong = 0;
};

class BackEndEdits : public AuditedArchive, public ::testing::WithParamInterface<Edit> {};

TEST_P(BackEndEdits, AreFound) {
  edit(GetParam().script);
  const AuditReport report = audit();
  for (const std::string& kind : GetParam().found) {
    EXPECT_THAT(kinds(report), testing::Contains(kind)) << all_of(report);
  }
  if (GetParam().first_wrong > 0) {
    EXPECT_EQ(report.first_wrong_entry, GetParam().first_wrong) << all_of(report);
  }
}

#define UNGUARDED(sql) \
  "DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_deleted;" sql

INSTANTIATE_TEST_SUITE_P(
    Kinds, BackEndEdits,
    ::testing::Values(
        Edit{"a value",
             "UPDATE fields SET value = '王五' WHERE page = 3 AND position = 0",
             {"row_changed"}},
        Edit{"a number in a column that is real",
             "UPDATE pages SET skew_degrees = 2 WHERE page = 3",
             {"row_changed"}},
        Edit{"a state", "UPDATE batches SET state = 'held'", {"row_changed"}},
        Edit{"a page gone",
             "DELETE FROM fields WHERE page = 3; DELETE FROM pages WHERE page = 3",
             {"row_missing", "records_damaged"}},
        Edit{"a page put in",
             "INSERT INTO seals (page, position, colour, shape, content, quad) "
             "VALUES (1, 9, 'red', 'round', 'x', '')",
             {"row_added"}},
        Edit{"a text by another of the same length",
             "UPDATE sources SET name = '9.tif' WHERE source = 1",
             {"row_changed"}},
        Edit{"who did it",
             UNGUARDED("UPDATE events SET actor = 'li' WHERE event = 5"),
             {"entry_changed", "head_contradicts"},
             5},
        Edit{"when",
             UNGUARDED("UPDATE events SET happened_at = '2001' WHERE event = 4"),
             {"entry_changed"},
             4},
        Edit{"why",
             UNGUARDED("UPDATE events SET reason = 'asked to' WHERE event = 6"),
             {"entry_changed"},
             6},
        Edit{"which row it is about",
             UNGUARDED("UPDATE events SET object_number = 77 WHERE event = 7"),
             {"entry_changed"},
             7},
        Edit{"its details",
             UNGUARDED("UPDATE events SET details = '{}' WHERE event = 3"),
             {"entry_changed"},
             3},
        Edit{"its changes",
             UNGUARDED("UPDATE events SET changes = x'' WHERE event = 4"),
             {"entry_changed"},
             4},
        Edit{"its changes made unreadable",
             UNGUARDED("UPDATE events SET changes = x'28b52ffd' WHERE event = 4"),
             {"entry_changed"},
             4},
        Edit{"an entry gone",
             UNGUARDED("DELETE FROM events WHERE event = 5"),
             {"entry_missing", "head_contradicts"},
             5},
        Edit{"the last entries gone",
             UNGUARDED("DELETE FROM events WHERE event > 8"),
             {"entry_missing", "head_contradicts"},
             9},
        Edit{"all entries gone",
             UNGUARDED("DELETE FROM events"),
             {"nothing_checked", "head_contradicts"},
             1},
        Edit{"two entries exchanged",
             UNGUARDED("UPDATE events SET event = -1 WHERE event = 4; UPDATE events SET event = 4 "
                       "WHERE event = 5; UPDATE events SET event = 5 WHERE event = -1"),
             {"entry_changed"},
             4},
        Edit{"an entry put in at the end",
             "INSERT INTO events (happened_at, actor, action, object_kind, object_number, details, "
             "changes) SELECT happened_at, actor, action, object_kind, object_number, details, "
             "changes FROM events WHERE event = 4",
             {"history_contradicts"}},
        Edit{"a table gone", "DROP TABLE person_pages; DROP TABLE pairs", {"row_missing"}},
        Edit{"what the writer goes on from",
             "UPDATE ledger_tree SET sm3_peaks = zeroblob(length(sm3_peaks))",
             {"tree_contradicts"}},
        Edit{"a number that would be given again",
             "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'pages'",
             {"number_contradicts"}},
        Edit{"when the schema was made",
             "UPDATE schema_version SET applied_at = '2001' WHERE version = 3",
             {"row_changed"}},
        Edit{"a table put in",
             "CREATE TABLE extra (x INTEGER PRIMARY KEY); INSERT INTO extra "
             "VALUES (1)",
             {"row_added"}}));

TEST_F(AuditedArchive, AnOlderDatabaseIsFound) {
  const fs::path records = archive.path() / "records.sqlite";
  fs::copy_file(records, top / "old.sqlite");
  { open().open_batch("later", "later", {}); }
  fs::remove(records.string() + "-wal");
  fs::remove(records.string() + "-shm");
  fs::copy_file(top / "old.sqlite", records, fs::copy_options::overwrite_existing);
  const AuditReport report = audit();
  EXPECT_THAT(kinds(report), testing::Contains("head_contradicts"));
  EXPECT_GT(report.first_wrong_entry, 0);
  // The program does not go on with it either.
  EXPECT_THROW(open(), ArchiveError);
}

// Somebody with the server's key writes everything anew: only what is outside tells.
TEST_F(AuditedArchive, ARewriteWithTheStolenKeyIsFoundByTheHeadsOutside) {
  edit(
      UNGUARDED("DELETE FROM fields WHERE page = 1 AND position = 0; DELETE FROM events;"
                "DELETE FROM ledger_tree; DELETE FROM sqlite_sequence WHERE name = 'events'"));
  fs::remove(archive.path() / "ledger" / "heads");
  fs::remove(archive.path() / "ledger" / "leaves");
  { Records::open_writer(archive.path()); }
  EXPECT_TRUE(audit(false).sound())
      << "inside, nothing is wrong any more: " << all_of(audit(false));
  const AuditReport report = audit();
  EXPECT_THAT(kinds(report), testing::Contains("head_contradicts"));
  EXPECT_EQ(report.first_wrong_entry, 1);
}

TEST_F(AuditedArchive, ForgedHeadsAreFound) {
  const fs::path heads = archive.path() / "ledger" / "heads";
  std::string text = read_file(heads);
  // Another root, by one digit.
  const std::size_t root = text.find('\t', text.find('+')) + 1;
  text[root] = text[root] == 'a' ? 'b' : 'a';
  write_file(heads, text);
  EXPECT_THAT(kinds(audit()), testing::Contains("head_forged")) << all_of(audit());
  write_file(heads, "nonsense\n" + read_file(outside() / "heads"));
  EXPECT_THAT(kinds(audit()), testing::Contains("head_broken"));
  fs::remove(heads);
  EXPECT_THAT(kinds(audit()), testing::Contains("ledger_missing"));
}

TEST_F(AuditedArchive, LeavesThatDoNotFitTheirHeadsAreFound) {
  const fs::path leaves = archive.path() / "ledger" / "leaves";
  std::string bytes = read_file(leaves);
  bytes[70] = static_cast<char>(bytes[70] ^ 1);
  write_file(leaves, bytes);
  EXPECT_THAT(kinds(audit()), testing::Contains("leaves_contradict")) << all_of(audit());
}

TEST_F(AuditedArchive, AKeyThatNobodyBroughtInDoesNotCount) {
  const fs::path ledger = archive.path() / "ledger";
  fs::remove(ledger / "signing.key");
  EXPECT_THROW(open(), ArchiveError) << "a lost key is said, not replaced in silence";
  Records::Writing writing;
  writing.lost = LostOfLedger::key;
  { Records::open_writer(archive.path(), writing).open_batch("later", "later", {}); }
  EXPECT_THAT(kinds(audit()), testing::Contains("key_unproven")) << all_of(audit());
}

TEST_F(AuditedArchive, AKeyThatTheOldOneBroughtInCounts) {
  {
    Records records = open();
    records.change_signing_key();
    records.open_batch("later", "later", {});
  }
  EXPECT_TRUE(audit().sound()) << all_of(audit());
  audit::AuditOptions options;
  options.outside = {outside()};
  for (const auto& key : fs::directory_iterator(archive.path() / "ledger" / "keys")) {
    options.key = key.path();
    const bool first = read_file(outside() / "heads").find(key.path().stem().string()) <
                       read_file(outside() / "heads").find('\n');
    EXPECT_EQ(audit::audit_archive(archive.path(), options).sound(), first)
        << "pinned to the later key, the earlier heads lead nowhere";
  }
}

TEST_F(AuditedArchive, APublicKeyThatIsNotAsItWasWrittenIsNamed) {
  for (const auto& key : fs::directory_iterator(archive.path() / "ledger" / "keys")) {
    const std::string text = read_file(key.path());
    write_file(key.path(), text + "\n");  // still the same key to whoever reads it
    EXPECT_THAT(kinds(audit()), testing::ElementsAre("key_damaged")) << all_of(audit());
    write_file(key.path(), text.substr(0, text.size() / 2));
    EXPECT_THAT(kinds(audit()), testing::Contains("key_damaged")) << all_of(audit());
  }
}

// What a kill may leave is told and is no damage; a line that goes on after its end was whole once.
TEST_F(AuditedArchive, WhatTheHeadsDoNotAnswerForIsTold) {
  const fs::path heads = archive.path() / "ledger" / "heads";
  const fs::path leaves = archive.path() / "ledger" / "leaves";
  const std::string text = read_file(heads);
  write_file(heads, text + "juanzong-head 1\t99");
  write_file(leaves, read_file(leaves) + std::string(40, 'x'));
  const AuditReport report = audit();
  EXPECT_TRUE(report.sound()) << all_of(report);
  EXPECT_THAT(report.remarks, testing::UnorderedElementsAre(testing::HasSubstr(heads.string()),
                                                            testing::HasSubstr(leaves.string())));
  write_file(heads, text.substr(0, text.size() - 1) + "\v");
  EXPECT_THAT(kinds(audit()), testing::Contains("head_broken")) << all_of(audit());
}

TEST_F(AuditedArchive, SettingsThatWereChangedByHandAreToldUntilTheyAreUsed) {
  write_file(archive.settings_file(), "language = \"zh\"\n");
  EXPECT_TRUE(audit().sound());
  EXPECT_THAT(audit().remarks, testing::ElementsAre(testing::HasSubstr("juanzong.toml")));
  { open(); }
  EXPECT_THAT(audit().remarks, testing::IsEmpty());
  Records::Event last;
  Records::open_reader(archive.path()).for_each_event(0, [&last](const auto& e) { last = e; });
  EXPECT_EQ(last.action, "settings_changed");
}

// A commit that waits in the journal of the database, and its last frame damaged: the database
// passes over it without a word.
TEST_F(AuditedArchive, WhatTheJournalLosesIsTold) {
  const fs::path journal = archive.path() / "records.sqlite-wal";
  std::string bytes;
  {
    Records reader = Records::open_reader(archive.path());  // keeps it from being put away
    { open().open_batch("later", "later", {}); }
    bytes = read_file(journal);
  }
  ASSERT_GT(bytes.size(), 4096u);
  const auto told = [&](std::size_t at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    fs::remove(archive.path() / "records.sqlite-shm");
    write_file(journal, damaged);
    const auto remarks = audit(false).remarks;
    return std::ranges::count_if(remarks, [&journal](const std::string& remark) {
      return remark.starts_with(journal.string());
    });
  };
  EXPECT_EQ(told(0), 1) << "its head";
  EXPECT_EQ(told(bytes.size() - 100), 1) << "a page of the last transaction";
  EXPECT_EQ(told(bytes.size() - 4096 - 24 + 9), 1) << "what says that a frame belongs to this turn";
  write_file(journal, bytes);
  fs::remove(archive.path() / "records.sqlite-shm");
  EXPECT_TRUE(audit().sound()) << all_of(audit());
}

TEST_F(AuditedArchive, EveryDamagedObjectIsNamed) {
  std::vector<fs::path> files;
  for (int i = 0; i < 4; ++i)
    files.push_back(objects.path_of(hash_of("scan " + std::to_string(i))));
  overwrite(files[0], "scam 0");
  overwrite(files[1], "");
  fs::remove(files[2]);
  write_file(files[3].parent_path() / "notes.txt", "x");
  const AuditReport report = audit();
  EXPECT_THAT(kinds(report), testing::UnorderedElementsAre("object_damaged", "object_damaged",
                                                           "object_missing", "object_stray"))
      << all_of(report);
  EXPECT_THAT(all_of(report), testing::HasSubstr(files[0].string()));
}

TEST_F(AuditedArchive, NothingIsChangedByTheAudit) {
  const auto state = [this] {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(archive.path())) {
      if (entry.is_regular_file()) {
        files.push_back(entry.path().string() + " " + hash_of(read_file(entry.path())).text());
      }
    }
    std::ranges::sort(files);
    return files;
  };
  const auto before = state();
  audit();
  EXPECT_EQ(state(), before);
}

TEST_F(AuditedArchive, AFolderThatIsNoArchiveIsSaid) {
  EXPECT_THROW(audit::audit_archive(outside(), {}), std::runtime_error);
}

TEST_F(AuditedArchive, ADatabaseThatIsNoneIsSaid) {
  fs::remove(archive.path() / "records.sqlite-wal");
  write_file(archive.path() / "records.sqlite", std::string(8192, 'x'));
  EXPECT_THAT(kinds(audit()), testing::Contains("records_unreadable"));
}

}  // namespace
}  // namespace archive
