#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "core/error.h"
#include "store/custody/backup.h"
#include "store/custody/garbage.h"
#include "store/custody/repair.h"
#include "store/custody/replica.h"
#include "store/records/records_difference.h"
#include "store/verify.h"
#include "tests/store/custody_samples.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

ErrorKind refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const ArchiveError& error) {
    EXPECT_FALSE(error.what_to_do().empty());
    return error.kind();
  }
  return ErrorKind::internal;
}

class EncryptedArchive : public testing::Test {
 protected:
  EncryptedArchive() : archive_(6, true) {}
  ~EncryptedArchive() override { unlock_by({}); }

  VerifyResult check() const { return verify(archive_.path(), {}); }
  static std::vector<std::string> damage_in(const VerifyResult& result) {
    std::vector<std::string> found;
    for (const VerifyFinding& finding : result.findings) {
      if (finding.damage)
        found.push_back(std::string(name_of(finding.kind)) + " " + finding.object);
    }
    return found;
  }

  KeptArchive archive_;
};

TEST_F(EncryptedArchive, IsSoundAndSaysWhatItIs) {
  EXPECT_TRUE(archive_.folder().encrypted());
  EXPECT_TRUE(read_file(archive_.path() / "juanzong.format").starts_with("juanzong archive 2\n"));
  const VerifyResult result = check();
  EXPECT_THAT(damage_in(result), testing::IsEmpty());
  EXPECT_EQ(result.counts.objects, 30);
  EXPECT_EQ(result.remarks, 0);
}

TEST_F(EncryptedArchive, APlainOneIsAsItWasBefore) {
  KeptArchive plain(1);
  EXPECT_FALSE(plain.folder().encrypted());
  EXPECT_TRUE(read_file(plain.path() / "juanzong.format").starts_with("juanzong archive 1\n"));
  EXPECT_TRUE(read_file(plain.path() / "records.sqlite").starts_with("SQLite format 3"));
  EXPECT_FALSE(fs::exists(plain.path() / "keys"));
}

TEST_F(EncryptedArchive, OpensByItsKeyAlone) {
  const auto open = [this] { Records::open_reader(archive_.path()).archive_id(); };
  unlock_by({});
  EXPECT_EQ(refusal(open), ErrorKind::wrong_key);
  KeySource other;
  other.key_file = archive_.beside("other.key");
  make_key_file(other.key_file);
  unlock_by(other);
  EXPECT_EQ(refusal(open), ErrorKind::wrong_key);
  KeySource recovery;
  recovery.recovery_file = archive_.beside("recovery");
  write_file(recovery.recovery_file, archive_.recovery() + "\n");
  unlock_by(recovery);
  EXPECT_NO_THROW(open());
  unlock_by(archive_.key());
  EXPECT_NO_THROW(open());
  EXPECT_TRUE(dumps_are_forbidden());
}

TEST_F(EncryptedArchive, WaysInAreReplacedWithoutTouchingAnObject) {
  const auto before = archive_.objects();
  const KeySlots slots = key_slots_of(archive_.path());
  const ArchiveKeysPtr keys = keys_of(archive_.path());
  KeySource fresh;
  fresh.passphrase_file = archive_.beside("words");
  write_file(fresh.passphrase_file, "four words of mine\n");
  const PassphraseCost cheap{1, std::uint64_t{1} << 20};
  slots.put(keys->master, fresh, cheap);
  KeySource second;
  second.key_file = archive_.beside("second.key");
  make_key_file(second.key_file);
  slots.put(keys->master, second);
  const std::string recovery = slots.put_recovery(keys->master);
  EXPECT_EQ(slots.ways_in().size(), 3u);
  const auto opens = [this](const KeySource& source) {
    unlock_by(source);
    return refusal([this] { Records::open_reader(archive_.path()).archive_id(); });
  };
  EXPECT_EQ(opens(fresh), ErrorKind::internal) << "no refusal";
  EXPECT_EQ(opens(second), ErrorKind::internal);
  EXPECT_EQ(opens(archive_.key()), ErrorKind::wrong_key) << "the key that was replaced";
  KeySource old;
  old.recovery_file = archive_.beside("old");
  write_file(old.recovery_file, archive_.recovery());
  EXPECT_EQ(opens(old), ErrorKind::wrong_key);
  unlock_by(second);
  EXPECT_EQ(archive_.objects(), before);
  EXPECT_TRUE(check().sound());
  EXPECT_THAT(key_problems(archive_.path()), testing::IsEmpty());
  // A slot that was tampered with is named.
  flip_one_bit(slots.ways_in().front().file, 40);
  EXPECT_FALSE(key_problems(archive_.path()).empty());
  EXPECT_FALSE(check().sound());
}

TEST_F(EncryptedArchive, AChangeOfKeysThatIsStoppedLocksNobodyOutAndIsTold) {
  struct Stopped {};
  const KeySlots slots = key_slots_of(archive_.path());
  const Secret master = keys_of(archive_.path())->master;
  const auto opens_with = [this](const std::string& recovery) {
    KeySource paper;
    paper.recovery_file = archive_.beside("paper");
    write_file(paper.recovery_file, recovery);
    unlock_by(paper);
    return refusal([this] { Records::open_reader(archive_.path()).archive_id(); }) ==
           ErrorKind::internal;
  };
  KeySource fresh;
  fresh.key_file = archive_.beside("fresh.key");
  make_key_file(fresh.key_file);
  const std::size_t ways = slots.ways_in().size();
  EXPECT_THROW(slots.put(master, fresh, {}, real_disk(),
                         [](std::string_view kind) {
                           EXPECT_EQ(kind, "keyfile");
                           throw Stopped{};
                         }),
               Stopped);
  EXPECT_EQ(slots.ways_in().size(), ways) << "announced, and not written";
  std::string shown;
  const auto stop = [&shown](const std::string& key) {
    shown = key;
    throw Stopped{};
  };
  EXPECT_THROW(slots.put_recovery(master, real_disk(), stop), Stopped);
  EXPECT_TRUE(opens_with(archive_.recovery())) << "perhaps nobody saw the new one";
  EXPECT_TRUE(opens_with(shown));
  EXPECT_EQ(unfinished_key_changes(archive_.path()).size(), 1u);
  EXPECT_THAT(key_problems(archive_.path()), testing::IsEmpty());
  const std::string last = slots.put_recovery(master);
  EXPECT_FALSE(opens_with(archive_.recovery()));
  EXPECT_FALSE(opens_with(shown));
  EXPECT_TRUE(opens_with(last));
  EXPECT_THAT(unfinished_key_changes(archive_.path()), testing::IsEmpty());
}

TEST_F(EncryptedArchive, VerifyNamesEveryDamagedObject) {
  const auto& sources = archive_.sources();
  flip_one_bit(archive_.file_of(sources[0]), 60);  // a segment
  flip_one_bit(archive_.file_of(sources[1]), 3);   // the mark
  const std::size_t size = fs::file_size(archive_.file_of(sources[2]));
  flip_one_bit(archive_.file_of(sources[2]), size - 1);  // the trailer: what it is
  fs::remove(archive_.file_of(sources[3]));
  overwrite(archive_.file_of(sources[4]), "");
  fs::rename(archive_.file_of(sources[5]), archive_.file_of(sources[5]).string() + "0");
  EXPECT_THAT(
      damage_in(check()),
      testing::UnorderedElementsAre(
          "wrong_bytes " + sources[0].text(), "wrong_bytes " + sources[1].text(),
          "wrong_bytes " + sources[2].text(), "missing_object " + sources[3].text(),
          "empty_object " + sources[4].text(), "missing_object " + sources[5].text(), "stray "));
}

TEST_F(EncryptedArchive, AnObjectThatNoRecordNamesIsARemark) {
  const BlobId extra = archive_.store().put("nobody knows me");
  const VerifyResult result = check();
  EXPECT_TRUE(result.sound());
  ASSERT_EQ(result.remarks, 1);
  EXPECT_EQ(result.findings.front().object, extra.text());
}

TEST_F(EncryptedArchive, GarbageThatIsDamagedIsARemarkAndGoes) {
  const BlobId extra = archive_.store().put("nobody knows me");
  Records records = Records::open_writer(archive_.path());
  GarbageCollector collector(records, {});
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(collector.collect(archive_.store(), "").marked, 1);
  overwrite(archive_.file_of(extra), "");  // it does not say any more which it is
  const VerifyResult result = check();
  EXPECT_THAT(damage_in(result), testing::IsEmpty());
  ASSERT_EQ(result.remarks, 1);
  EXPECT_EQ(result.findings.front().kind, FindingKind::damaged_garbage);
  EXPECT_EQ(result.findings.front().object, extra.text());
  EXPECT_EQ(collector.collect(archive_.store(), "").removed, 1);
  EXPECT_FALSE(archive_.store().contains(extra));
}

TEST_F(EncryptedArchive, ItsSigningKeyIsSealed) {
  const std::string key = read_file(archive_.path() / "ledger" / "signing.key");
  EXPECT_THAT(key, testing::Not(testing::HasSubstr("PRIVATE KEY")));
  flip_one_bit(archive_.path() / "ledger" / "signing.key", 50);
  EXPECT_THAT(damage_in(check()), testing::Contains("signing_key_damaged "));
}

TEST_F(EncryptedArchive, WithoutItsKeysFolderItIsDamaged) {
  fs::rename(archive_.path() / "keys", archive_.beside("lost"));
  EXPECT_EQ(refusal([this] { ArchiveFolder::open(archive_.path()); }), ErrorKind::damage);
}

TEST_F(EncryptedArchive, ABackupRestoresAnEncryptedOne) {
  KeySource backup_key;
  backup_key.key_file = archive_.beside("backup.key");
  make_key_file(backup_key.key_file);
  const fs::path place = archive_.beside("backup");
  BackupRepository::begin(place, Records::open_reader(archive_.path()).archive_id(), "",
                          backup_key);
  {
    BackupRepository repository(place, backup_key);
    const BackupOutcome outcome = back_up(archive_.folder(), repository, nullptr);
    EXPECT_EQ(outcome.copied, 30);
    EXPECT_TRUE(outcome.defects.empty());
    // Records that did not change are known again, though every copy is sealed anew.
    std::int64_t pieces = 0;
    const auto count = [&] {
      std::int64_t all = 0;
      for (const auto& entry : fs::recursive_directory_iterator(place / "data")) {
        all += entry.is_regular_file();
      }
      return all;
    };
    pieces = count();
    back_up(archive_.folder(), repository, nullptr);
    EXPECT_EQ(count(), pieces);
    BackupCheck how;
    how.readable = read_picture;
    EXPECT_TRUE(verify_backups(repository, how).sound());
  }
  // On another machine, where nobody named the archive's key.
  const auto before = archive_.objects();
  unlock_by({});
  const fs::path restored = archive_.beside("restored");
  restore_backup(BackupRepository(place, backup_key), "", restored, 2, nullptr);
  EXPECT_TRUE(is_encrypted(restored));
  EXPECT_FALSE(fs::exists(restored / "keys" / "master"));
  EXPECT_TRUE(verify(restored, {}).sound());
  unlock_by({});
  EXPECT_EQ(refusal([&] { Records::open_reader(restored); }), ErrorKind::wrong_key);
  unlock_by(archive_.key());
  EXPECT_TRUE(verify(restored, {}).sound());
  const RecordsDifference found =
      compare_records(Records::open_reader(archive_.path()), Records::open_reader(restored));
  EXPECT_THAT(found.differences, testing::IsEmpty());
  EXPECT_GT(found.rows, 0);
  const ObjectStore objects(restored / "objects");
  for (const auto& [name, bytes] : before) EXPECT_EQ(objects.get(*BlobId::parse(name)), bytes);
  Records::open_writer(restored);
}

TEST_F(EncryptedArchive, AReplicaIsEncryptedByTheSameKeysAndRepairs) {
  const std::string id = Records::open_reader(archive_.path()).archive_id();
  const fs::path place = archive_.beside("replica");
  Replica::begin(place, id, archive_.path());
  std::vector<Replica> replicas;
  replicas.emplace_back(place, id);
  {
    const Records records = Records::open_reader(archive_.path());
    const ReplicationOutcome outcome = replicate(records, archive_.store(), replicas[0], nullptr);
    EXPECT_EQ(outcome.copied, 30);
    EXPECT_TRUE(outcome.defects.empty());
  }
  for (const auto& entry : fs::recursive_directory_iterator(place / "objects")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_THAT(read_file(entry.path()), testing::Not(testing::HasSubstr("II*picture")));
  }
  const BlobId lost = archive_.sources()[2];
  flip_one_bit(archive_.file_of(lost), 70);
  RepairSources sources;
  sources.replicas = &replicas;
  Repairer repairer(archive_.folder(), sources);
  CustodyTask task;
  task.object = lost.text();
  task.defect = "wrong_bytes";
  const RepairOutcome outcome = repairer.repair(task);
  EXPECT_TRUE(outcome.repaired);
  EXPECT_EQ(archive_.store().check(lost), ObjectHealth::sound);
  // What was set aside is as it lay there: sealed.
  EXPECT_THAT(read_file(outcome.aside), testing::Not(testing::HasSubstr("II*picture")));
  EXPECT_TRUE(check().sound());
  // A new way into the archive is one into the replica after the next run.
  key_slots_of(archive_.path()).put_recovery(keys_of(archive_.path())->master);
  replicas[0].take_keys(archive_.path());
  EXPECT_THAT(key_problems(place), testing::IsEmpty());
}

TEST_F(EncryptedArchive, AnInitThatWasStoppedGoesOnWithItsKey) {
  const fs::path folder = archive_.beside("begun");
  fs::create_directory(folder);
  const std::string first = begin_keys(folder, archive_.key());
  std::string second;
  KeySource other;
  other.key_file = archive_.beside("other.key");
  make_key_file(other.key_file);
  EXPECT_EQ(refusal([&] { ArchiveFolder::create_encrypted(folder, "", other, second); }),
            ErrorKind::wrong_key);
  ArchiveFolder::create_encrypted(folder, "", archive_.key(), second);
  EXPECT_NE(first, second);
  EXPECT_THAT(key_problems(folder), testing::IsEmpty());
}

}  // namespace
}  // namespace archive
