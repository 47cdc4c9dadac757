#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/timestamp.h"
#include "store/custody/alarms.h"
#include "store/custody/backup.h"
#include "store/custody/repair.h"
#include "store/records/records_difference.h"
#include "store/records/sql.h"
#include "store/verify.h"
#include "tests/store/custody_samples.h"
#include "tests/store/saboteur_disk.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

class Backup : public testing::Test {
 protected:
  Backup() {
    source_.key_file = archive_.beside("backup.key");
    make_key_file(source_.key_file);
    const std::string id = Records::open_reader(archive_.path()).archive_id();
    recovery_ = BackupRepository::begin(place_, id, "U01", source_);
  }

  BackupRepository open() const { return BackupRepository(place_, source_); }
  BackupOutcome run() {
    BackupRepository repository = open();
    return back_up(archive_.folder(), repository, nullptr);
  }
  BackupVerification check() const {
    BackupRepository repository = open();
    BackupCheck how;
    how.readable = read_picture;
    return verify_backups(repository, how);
  }
  BackupManifest restore(const fs::path& to, const std::string& id = "") const {
    return restore_backup(open(), id, to, 2, nullptr);
  }
  /// Proves that the folder is the archive.
  void expect_equal(const fs::path& restored) const {
    EXPECT_TRUE(verify(restored, {}).sound());
    const RecordsDifference found =
        compare_records(Records::open_reader(archive_.path()), Records::open_reader(restored));
    EXPECT_THAT(found.differences, testing::IsEmpty());
    EXPECT_GT(found.rows, 0);
    EXPECT_TRUE(found.changed_since.empty());
    for (const auto& [name, bytes] : archive_.objects()) {
      EXPECT_EQ(read_file(ObjectStore(restored / "objects").path_of(*BlobId::parse(name))), bytes);
    }
    for (const char* name :
         {"ledger/heads", "ledger/leaves", "ledger/signing.key", "juanzong.toml"}) {
      EXPECT_EQ(read_file(restored / name), read_file(archive_.path() / name)) << name;
    }
    EXPECT_EQ(fs::status(restored / "ledger/signing.key").permissions(), fs::perms(0600));
  }

  ErrorKind refusal(const std::function<void()>& act) const {
    try {
      act();
    } catch (const ArchiveError& error) {
      EXPECT_FALSE(error.what_to_do().empty());
      return error.kind();
    }
    ADD_FAILURE() << "nothing was refused";
    return ErrorKind::internal;
  }

  KeptArchive archive_{6};
  fs::path place_ = archive_.beside("medium");
  KeySource source_;
  std::string recovery_;
};

TEST_F(Backup, ComesBackAsItWas) {
  const BackupOutcome made = run();
  EXPECT_FALSE(made.id.empty());
  EXPECT_EQ(made.copied, static_cast<std::int64_t>(archive_.objects().size()));
  EXPECT_EQ(made.manifest.lacking, 0);
  const BackupVerification found = check();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.objects, made.manifest.objects);
  EXPECT_EQ(found.decoded, 6);
  EXPECT_EQ(found.unneeded, 0);
  restore(archive_.beside("restored"));
  expect_equal(archive_.beside("restored"));
  // It goes on where the other ended.
  Records::open_writer(archive_.beside("restored")).open_batch("later", "later", {});
  EXPECT_TRUE(verify(archive_.beside("restored"), {}).sound());
}

TEST_F(Backup, CopiesOnlyWhatIsNew) {
  run();
  EXPECT_EQ(run().copied, 0);
  archive_.deliver("second", 2);
  EXPECT_EQ(run().copied, 10);
  const auto ids = open().backups();
  ASSERT_EQ(ids.size(), 3u);
  EXPECT_TRUE(check().sound());
  const BackupManifest first = restore(archive_.beside("first"), ids[0]);
  EXPECT_EQ(Records::open_reader(archive_.beside("first")).batches().size(), 1u);
  EXPECT_LT(first.entries, restore(archive_.beside("last")).entries);
  expect_equal(archive_.beside("last"));
}

TEST_F(Backup, WhatAKilledRunLeftIsRemovedAndWhatALivingOneHasIsKept) {
  const fs::path spool = archive_.path() / "spool/tmp";
  const fs::path own = spool / ("backup-" + std::to_string(::getpid()));
  const fs::path ended = spool / "backup-999999999";
  const fs::path living = spool / "backup-1";
  for (const fs::path& folder : {own, ended, living}) {
    fs::create_directory(folder);
    write_file(folder / "records.sqlite", "a copy");
  }
  EXPECT_FALSE(run().id.empty()) << "numbers of processes come again";
  EXPECT_FALSE(fs::exists(own));
  EXPECT_FALSE(fs::exists(ended));
  EXPECT_TRUE(fs::exists(living / "records.sqlite"));
}

TEST_F(Backup, ShowsNeitherNamesNorBytes) {
  run();
  const BlobId& blob = archive_.sources()[0];
  for (const fs::path& file : files_below(place_)) {
    const std::string bytes = read_file(file);
    const std::string name = file.string();
    EXPECT_EQ(name.find(blob.hex().substr(2)), std::string::npos);
    for (const char* plain : {"II*", "SQLite", "张三", "picture of"}) {
      EXPECT_EQ(bytes.find(plain), std::string::npos) << file;
    }
    EXPECT_EQ(bytes.find(std::string(blob.hex())), std::string::npos) << file;
  }
}

TEST_F(Backup, OpensWithEachOfItsKeysAndNoOther) {
  run();
  KeySource other;
  other.key_file = archive_.beside("other.key");
  make_key_file(other.key_file);
  EXPECT_EQ(refusal([&] { BackupRepository(place_, other); }), ErrorKind::wrong_key);
  EXPECT_EQ(refusal([&] { BackupRepository(place_, KeySource{}); }), ErrorKind::usage);

  KeySource recovery;
  recovery.recovery_file = archive_.beside("paper");
  std::string typed = recovery_;
  for (char& c : typed) c = static_cast<char>(std::toupper(c));
  write_file(recovery.recovery_file, typed + "\n");
  EXPECT_EQ(BackupRepository(place_, recovery).backups().size(), 1u);
  typed[3] = typed[3] == '0' ? '1' : '0';
  write_file(recovery.recovery_file, typed);
  EXPECT_EQ(refusal([&] { BackupRepository(place_, recovery); }), ErrorKind::wrong_key);

  // A passphrase in place of nothing; a new key file in place of the lost one.
  KeySource fresh = other;
  fresh.passphrase_file = archive_.beside("passphrase");
  write_file(fresh.passphrase_file, "four words of mine\n");
  {
    const BackupRepository repository = open();
    repository.keys().put(repository.master(), fresh, {1, 8 << 20});
  }
  EXPECT_EQ(refusal([&] { open(); }), ErrorKind::wrong_key) << "the old key file is out";
  EXPECT_EQ(BackupRepository(place_, other).backups().size(), 1u);
  KeySource words;
  words.passphrase_file = fresh.passphrase_file;
  EXPECT_EQ(BackupRepository(place_, words).backups().size(), 1u);
  write_file(words.passphrase_file, "four words of mind\n");
  EXPECT_EQ(refusal([&] { BackupRepository(place_, words); }), ErrorKind::wrong_key);
}

TEST_F(Backup, PlacesThatAreNoneOfItsAreRefused) {
  run();
  const fs::path absent = archive_.beside("not mounted");
  EXPECT_EQ(refusal([&] { BackupRepository(absent, source_); }), ErrorKind::archive_missing);
  EXPECT_EQ(refusal([&] { BackupRepository::begin(archive_.path(), "x", "", source_); }),
            ErrorKind::usage);
  EXPECT_EQ(refusal([&] { BackupRepository::begin(place_, "x", "", source_); }), ErrorKind::usage);
  const KeptArchive other(1);
  EXPECT_EQ(refusal([&] {
              BackupRepository repository = open();
              back_up(other.folder(), repository, nullptr);
            }),
            ErrorKind::archive_foreign);
  // Copied half: the mark came, the keys did not.
  const fs::path half = archive_.beside("half");
  fs::copy(place_, half, fs::copy_options::recursive);
  fs::remove_all(half / "keys");
  EXPECT_EQ(refusal([&] { BackupRepository(half, source_); }), ErrorKind::damage);
  overwrite(half / "juanzong.backup", "juanzong backup 2\n");
  EXPECT_EQ(refusal([&] { BackupRepository(half, source_); }), ErrorKind::archive_foreign);
  EXPECT_EQ(refusal([&] { restore(archive_.path()); }), ErrorKind::usage);
  EXPECT_EQ(refusal([&] { restore(place_); }), ErrorKind::usage);
  EXPECT_EQ(refusal([&] { restore(archive_.beside("r"), "20000101T000000Z"); }),
            ErrorKind::not_found);
}

TEST_F(Backup, AMediumThatIsPulledOutIsNotTakenForDamage) {
  run();
  BackupRepository repository = open();
  BackupCheck how;
  how.threads = 1;
  how.progress = [&](std::int64_t, std::int64_t) {
    if (fs::exists(place_)) fs::rename(place_, archive_.beside("pulled out"));
  };
  EXPECT_EQ(refusal([&] { verify_backups(repository, how); }), ErrorKind::archive_missing);
  fs::rename(archive_.beside("pulled out"), place_);
  EXPECT_EQ(refusal([&] {
              restore_backup(repository, "", archive_.beside("restored"), 1, nullptr,
                             [&](std::int64_t, std::int64_t) {
                               if (fs::exists(place_)) {
                                 fs::rename(place_, archive_.beside("pulled out"));
                               }
                             });
            }),
            ErrorKind::archive_missing);
  fs::rename(archive_.beside("pulled out"), place_);
  restore(archive_.beside("restored"));
  expect_equal(archive_.beside("restored"));
}

TEST_F(Backup, IsOneMomentWhilePagesComeIn) {
  run();
  archive_.deliver("second", 1);
  // What comes between the records and their objects is in the next backup.
  const BackupOutcome made = run();
  archive_.deliver("third", 1);
  restore(archive_.beside("restored"), made.id);
  EXPECT_TRUE(verify(archive_.beside("restored"), {}).sound());
  EXPECT_EQ(Records::open_reader(archive_.beside("restored")).batches().size(), 2u);
}

TEST(R3, OneFlippedByteInTheBackupIsFoundAndTheObjectNamed) {
  KeptArchive archive(4);
  const BackupPlace place(archive);
  {
    BackupRepository repository = place.open();
    back_up(archive.folder(), repository, nullptr);
  }
  std::map<std::string, std::string> object_at;
  {
    const BackupRepository repository = place.open();
    for (const auto& [name, bytes] : archive.objects()) {
      object_at[(place.path / repository.place_of(Item::object, *BlobId::parse(name))).string()] = name;
    }
  }
  int flips = 0;
  for (const fs::path& file : files_below(place.path)) {
    if (file.filename() == "lock") continue;
    const std::size_t size = fs::file_size(file);
    for (const std::size_t at : {std::size_t{0}, size / 3, size - 1}) {
      flip_one_bit(file, at, static_cast<int>(at % 8));
      ++flips;
      // A mark or a key that was changed is refused before anything is read.
      std::optional<BackupVerification> found;
      try {
        BackupRepository repository = place.open();
        found = verify_backups(repository, {});
      } catch (const ArchiveError& error) {
        EXPECT_TRUE(error.kind() == ErrorKind::damage || error.kind() == ErrorKind::wrong_key ||
                    error.kind() == ErrorKind::archive_foreign);
      }
      if (found) {
        EXPECT_FALSE(found->sound()) << file;
        const auto object = object_at.find(file.string());
        if (object != object_at.end()) {
          ASSERT_EQ(found->findings.size(), 1u) << file;
          EXPECT_EQ(found->findings[0].object, object->second);
        }
        EXPECT_FALSE(found->findings.empty()) << file;
      }
      flip_one_bit(file, at, static_cast<int>(at % 8));
    }
  }
  EXPECT_GT(flips, 60);
  BackupRepository repository = place.open();
  EXPECT_TRUE(verify_backups(repository, {}).sound());
}

TEST_F(Backup, ThatIsDamagedIsNamedWhollyRestoredNeverAndMendedByTheNextRun) {
  run();
  std::set<std::string> damaged;
  for (const std::size_t i : {0, 3, 5}) {
    const BlobId& blob = archive_.sources()[i];
    flip_one_bit(place_ / open().place_of(Item::object, blob), 900);
    damaged.insert(blob.text());
  }
  std::set<std::string> named;
  for (const BackupFinding& finding : check().findings) named.insert(finding.object);
  EXPECT_EQ(named, damaged) << "all at once";
  EXPECT_EQ(refusal([&] { restore(archive_.beside("restored")); }), ErrorKind::damage);
  EXPECT_FALSE(ArchiveFolder::is_marked(archive_.beside("restored")));
  {
    BackupRepository repository = open();
    BackupCheck how;
    how.set_aside = true;
    EXPECT_FALSE(verify_backups(repository, how).sound());
  }
  EXPECT_EQ(run().copied, 3);
  EXPECT_TRUE(check().sound()) << "the earlier backup as well";
  restore(archive_.beside("mended"));
  expect_equal(archive_.beside("mended"));
}

TEST_F(Backup, TellsWhatTheArchiveItselfLacks) {
  const BlobId& blob = archive_.sources()[1];
  const std::string bytes = read_file(archive_.file_of(blob));
  flip_one_bit(archive_.file_of(blob), 77);
  const BackupOutcome made = run();
  ASSERT_EQ(made.defects.size(), 1u);
  EXPECT_EQ(made.defects[0].object, blob);
  EXPECT_EQ(made.manifest.lacking, 1);
  EXPECT_FALSE(check().sound());
  restore(archive_.beside("restored"));
  EXPECT_FALSE(ObjectStore(archive_.beside("restored") / "objects").contains(blob));
  // Sound again, the next backup makes both whole.
  overwrite(archive_.file_of(blob), bytes);
  run();
  EXPECT_TRUE(check().sound());
}

TEST_F(Backup, BringsBackObjectsThatTheArchiveLost) {
  run();
  const BlobId& blob = archive_.sources()[2];
  const std::string sound = read_file(archive_.file_of(blob));
  flip_one_bit(archive_.file_of(blob), 10);
  const BackupRepository repository = open();
  RepairSources sources;
  sources.backup = &repository;
  CustodyTask task;
  task.object = blob.text();
  task.defect = "wrong_bytes";
  EXPECT_TRUE(Repairer(archive_.folder(), sources).repair(task).repaired);
  EXPECT_EQ(read_file(archive_.file_of(blob)), sound);
}

TEST_F(Backup, PruneKeepsWhatIsKeptWhole) {
  run();
  archive_.deliver("second", 1);
  run();
  archive_.deliver("third", 1);
  run();
  const auto before = open().backups();
  {
    BackupRepository repository = open();
    EXPECT_EQ(prune_backups(repository, 1, 0, timestamp_now(), true).removed.size(), 2u);
    EXPECT_EQ(repository.backups(), before) << "only shown";
    EXPECT_TRUE(prune_backups(repository, 1, 30, timestamp_now(), false).removed.empty())
        << "all are young";
    const PruneOutcome outcome = prune_backups(repository, 1, 0, timestamp_now(), false);
    EXPECT_EQ(outcome.kept, std::vector<std::string>{before.back()});
    EXPECT_GT(outcome.files, 0) << "pieces of older records";
  }
  const BackupVerification found = check();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.unneeded, 0);
  restore(archive_.beside("restored"));
  expect_equal(archive_.beside("restored"));
}

TEST_F(Backup, PruneTakesNoDataAwayThatAnUnreadableOneMayNeed) {
  for (const char* name : {"second", "third", "fourth"}) {
    run();
    archive_.deliver(name, 1);
  }
  run();
  const auto ids = open().backups();
  BackupRepository repository = open();
  const auto data = files_below(place_ / "data");
  // The newest by its own text, the one before by a list of its objects.
  flip_one_bit(place_ / "backups" / ids[3], 60);
  const BackupManifest listed = read_manifest(repository, ids[2]);
  const auto of_older = read_manifest(repository, ids[1]).lists;
  const auto own = std::ranges::find_if(listed.lists, [&](const BackedUpList& list) {
    return std::ranges::find(of_older, list.piece, &BackedUpList::piece) == of_older.end();
  });
  ASSERT_NE(own, listed.lists.end());
  flip_one_bit(place_ / repository.place_of(Item::piece, *own->piece), 60);
  const PruneOutcome outcome = prune_backups(repository, 1, 0, timestamp_now(), false);
  EXPECT_EQ(outcome.unreadable, (std::vector<std::string>{ids[2], ids[3]}));
  EXPECT_EQ(outcome.kept, std::vector<std::string>{ids[1]}) << "one that can be restored";
  EXPECT_EQ(outcome.removed, std::vector<std::string>{ids[0]});
  EXPECT_EQ(outcome.files, 0);
  EXPECT_EQ(files_below(place_ / "data"), data);
  restore(archive_.beside("restored"), ids[1]);
  // Once a person gave up what is broken, its data goes.
  BackupCheck how;
  how.set_aside = true;
  verify_backups(repository, how);
  EXPECT_EQ(repository.backups_set_aside(), std::vector<std::string>{ids[3]});
  EXPECT_EQ(repository.backups(), (std::vector<std::string>{ids[1], ids[2]}));
  run();
  const PruneOutcome after = prune_backups(repository, 1, 0, timestamp_now(), false);
  EXPECT_TRUE(after.unreadable.empty());
  EXPECT_GT(after.files, 0);
  EXPECT_TRUE(check().sound());
}

TEST_F(Backup, FailsCleanlyAtAnyCallOfTheDisk) {
  int failures = 0;
  for (const DiskCall call : {DiskCall::create, DiskCall::write, DiskCall::set_mode, DiskCall::sync,
                              DiskCall::rename, DiskCall::open_folder}) {
    // Every call at first, then larger steps: there are thousands.
    for (int nth = 1;; nth += 1 + nth / 2) {
      fs::remove_all(place_);
      BackupRepository::begin(place_, Records::open_reader(archive_.path()).archive_id(), "",
                              source_);
      FailingDisk disk({call, nth, nth % 2 == 0 ? ENOSPC : EIO, false});
      bool made = false;
      try {
        BackupRepository repository(place_, source_, disk);
        made = !back_up(archive_.folder(), repository, nullptr).id.empty();
      } catch (const ArchiveError& error) {
        EXPECT_EQ(error.kind(), ErrorKind::disk) << error.what();
      }
      EXPECT_EQ(disk.syncs_after_failure(), 0);
      EXPECT_TRUE(made || disk.failed());
      // Whatever was acknowledged is whole; what was not is finished by the next run.
      if (!made) run();
      EXPECT_TRUE(check().sound());
      if (!disk.failed()) break;
      ++failures;
    }
  }
  EXPECT_GT(failures, 25);
}

// -- Media -------------------------------------------------------------------

class Media : public Backup {
 protected:
  static Medium medium(const std::string& id, const std::string& site) {
    Medium made;
    made.id = id;
    made.site = site;
    made.keeper = "李明";
    made.read_back_days = 365;
    return made;
  }
  std::vector<std::string> alarms(const std::string& now = timestamp_now()) const {
    CustodySettings settings;
    settings.site = "市局";
    std::vector<std::string> found;
    for (const CustodyAlarm& alarm :
         custody_alarms(Records::open_reader(archive_.path()), settings, now)) {
      found.push_back(alarm.kind + (alarm.about.empty() ? "" : " ") + alarm.about);
    }
    return found;
  }
  static std::string in_days(int days) {
    return iso8601(*parse_iso8601(timestamp_now()) + std::chrono::days(days), {});
  }
};

using R47 = Media;
TEST_F(R47, OnlyMediaAtTheSameSiteAreAnAlarm) {
  const char* const kAlarm = "no_second_site 市局";
  {
    Records records = Records::open_writer(archive_.path());
    EXPECT_THAT(alarms(), testing::Not(testing::Contains(kAlarm))) << "a new archive has time";
    records.put_medium(medium("U01", "市局"));
  }
  EXPECT_THAT(alarms(), testing::Contains(kAlarm));
  const std::string taken = run().manifest.taken_at;
  Records records = Records::open_writer(archive_.path());
  records.read_back("U01", true, taken, "wang");
  EXPECT_THAT(alarms(), testing::Contains(kAlarm)) << "verified, and at the same site";
  records.put_medium(medium("U02", "省馆"));
  EXPECT_THAT(alarms(), testing::Contains(kAlarm)) << "elsewhere, and never read back";
  records.read_back("U02", false, taken, "wang");
  EXPECT_THAT(alarms(), testing::Contains(kAlarm)) << "elsewhere, and damaged";
  records.read_back("U02", true, "", "wang");
  EXPECT_THAT(alarms(), testing::Contains(kAlarm)) << "elsewhere, with no whole backup on it";
  records.read_back("U02", true, taken, "wang");
  EXPECT_THAT(alarms(), testing::Not(testing::Contains(kAlarm)));
  EXPECT_THAT(alarms(in_days(31)), testing::Contains(kAlarm)) << "too long ago";
  records.retire_medium("U02");
  EXPECT_THAT(alarms(), testing::Contains(kAlarm));
}

using R32 = Media;
TEST_F(R32, AMediumIsExportedReadBackComparedAndDueAgain) {
  Medium late = medium("U01", "省馆");
  late.read_back_due = "2020-01-01";
  Records::open_writer(archive_.path()).put_medium(late);
  EXPECT_THAT(alarms(), testing::Contains("read_back_overdue U01"));
  run();
  const BackupVerification found = check();
  ASSERT_TRUE(found.sound());
  EXPECT_EQ(open().mark().medium, "U01");
  Records records = Records::open_writer(archive_.path());
  EXPECT_TRUE(records.read_back("U01", false, "", "wang"));
  EXPECT_THAT(alarms(), testing::AllOf(testing::Contains("read_back_overdue U01"),
                                       testing::Contains("medium_damaged U01")));
  EXPECT_TRUE(records.read_back("U01", true, found.backups.back().manifest.taken_at, "wang"));
  EXPECT_THAT(alarms(), testing::Not(testing::Contains("read_back_overdue U01")));
  EXPECT_THAT(alarms(in_days(367)), testing::Contains("read_back_overdue U01"));
  EXPECT_EQ(records.media()[0].keeper, "李明");
  EXPECT_FALSE(records.read_back("U99", true, "", "wang")) << "not registered";
  EXPECT_THROW(records.put_medium(medium("", "省馆")), std::invalid_argument);
  EXPECT_THROW(records.put_medium(medium("U03", "")), std::invalid_argument);
}

TEST_F(Media, OverdueBackupsAndVerificationsAreAlarms) {
  EXPECT_THAT(alarms(), testing::IsEmpty());
  EXPECT_THAT(alarms(in_days(8)), testing::Contains("backup_overdue"));
  const BackupOutcome made = run();
  Records records = Records::open_writer(archive_.path());
  records.put_backup({made.id, "r", "", in_days(30), 1, 1, 1, 0, "", false, ""});
  EXPECT_THAT(alarms(in_days(32)), testing::Not(testing::Contains("backup_overdue")));
  EXPECT_THAT(alarms(in_days(32)), testing::Contains("verify_overdue"));
  records.note_backup_verified(made.id, false);
  EXPECT_THAT(alarms(), testing::Contains("backup_damaged " + made.id));
  records.note_backup_verified(made.id, true);
  EXPECT_THAT(alarms(in_days(29)), testing::Not(testing::Contains("verify_overdue")));
  records.note_backup_pruned(made.id);
  EXPECT_THAT(alarms(in_days(32)), testing::Contains("backup_overdue"));
}

// Whoever edits the register behind the program's back is found by the ledger.
TEST_F(Media, CopiesAreComparedRowByRow) {
  Records::open_writer(archive_.path()).put_medium(medium("U01", "市局"));
  run();
  restore(archive_.beside("restored"));
  Database(archive_.beside("restored") / "records.sqlite", Database::Access::write)
      .execute("UPDATE media SET site = '省馆'");
  const RecordsDifference found = compare_records(
      Records::open_reader(archive_.path()), Records::open_reader(archive_.beside("restored")));
  EXPECT_THAT(found.differences, testing::ElementsAre("row 1 of media is another one"));
}

}  // namespace
}  // namespace archive
