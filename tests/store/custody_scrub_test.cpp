#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/timestamp.h"
#include "store/custody/alarms.h"
#include "store/custody/repair.h"
#include "store/custody/replica.h"
#include "store/custody/scrub.h"
#include "store/records/sql.h"
#include "tests/store/custody_samples.h"
#include "tests/store/saboteur_disk.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

/// Looks at everything and writes it down, as the command does; the numbers of the new tasks.
std::vector<TaskNumber> scrub_all(const KeptArchive& archive,
                                  const std::vector<Replica>& replicas = {},
                                  const std::vector<int>& parts = parts_of_share(1, 1)) {
  std::vector<ScrubOutcome> outcomes;
  {
    const Records records = Records::open_reader(archive.path());
    ScrubOptions options;
    options.readable = read_picture;
    Scrubber scrubber(records, archive.store(), replicas, options);
    for (const int part : parts) outcomes.push_back(scrubber.scrub(part));
  }
  Records records = Records::open_writer(archive.path());
  std::vector<TaskNumber> fresh;
  for (const ScrubOutcome& outcome : outcomes) {
    const auto tasks = records.put_scrubbed(outcome.part, outcome.defects);
    fresh.insert(fresh.end(), tasks.begin(), tasks.end());
  }
  return fresh;
}

std::vector<CustodyTask> tasks_of(const KeptArchive& archive, bool only_open = true) {
  return Records::open_reader(archive.path()).custody_tasks(only_open);
}

std::vector<std::string> alarms_of(const KeptArchive& archive, const CustodySettings& settings,
                                   const std::string& now = timestamp_now()) {
  std::vector<std::string> kinds;
  for (const CustodyAlarm& alarm :
       custody_alarms(Records::open_reader(archive.path()), settings, now)) {
    kinds.push_back(alarm.kind);
  }
  return kinds;
}

TEST(Scrub, HashesAndDecodesEveryObjectAndFindsNothingWhereNothingIsWrong) {
  const KeptArchive archive(20);
  EXPECT_TRUE(scrub_all(archive).empty());
  std::int64_t objects = 0;
  for (const ScrubbedPart& part : Records::open_reader(archive.path()).scrubbed_parts()) {
    EXPECT_FALSE(part.scrubbed_at.empty());
    objects += part.objects;
  }
  EXPECT_EQ(objects, static_cast<std::int64_t>(archive.objects().size()));
}

TEST(R46, ACorruptStripIsOneTaskAndClosingItNeedsARepairRecord) {
  const KeptArchive archive(5);
  const BlobId blob = archive.sources().at(2);
  const std::string sound = read_file(archive.file_of(blob));
  flip_one_bit(archive.file_of(blob), 3000);
  ASSERT_EQ(scrub_all(archive).size(), 1u);
  EXPECT_TRUE(scrub_all(archive).empty()) << "seen again, it is the same task";
  const auto tasks = tasks_of(archive);
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].object, blob.text());
  EXPECT_EQ(tasks[0].defect, "wrong_bytes");
  EXPECT_THAT(alarms_of(archive, {}), testing::Contains("defects_open"));

  Records records = Records::open_writer(archive.path());
  const TaskNumber task = tasks[0].number;
  for (const RepairRecord& part :
       {RepairRecord{false, "", "copied", "bit rot"}, RepairRecord{false, "wang", "", "bit rot"},
        RepairRecord{false, "wang", "copied", ""}}) {
    EXPECT_THROW(records.close_task(task, part), std::invalid_argument);
  }
  EXPECT_EQ(records.custody_tasks(true).size(), 1u);
  records.close_task(task, {false, "wang", "copied from the second disk", "bit rot"});
  EXPECT_TRUE(records.custody_tasks(true).empty());
  const auto closed = records.custody_task(task);
  EXPECT_EQ(closed->closed_by, "wang");
  EXPECT_EQ(closed->outcome, "repaired");
  EXPECT_THROW(records.close_task(task, {false, "li", "again", "why"}), std::invalid_argument);
}

TEST(R46, TheDatabaseItselfRefusesToCloseReopenOrRemoveATask) {
  const KeptArchive archive(2);
  fs::remove(archive.file_of(archive.sources().at(0)));
  ASSERT_EQ(scrub_all(archive).size(), 1u);
  Database database(archive.path() / "records.sqlite", Database::Access::write);
  EXPECT_THROW(database.execute("UPDATE custody_tasks SET state = 'closed'"), SqlError);
  EXPECT_THROW(database.execute("UPDATE custody_tasks SET state = 'closed', outcome = 'repaired', "
                                "closed_at = 'x', closed_by = 'x', method = 'x'"),
               SqlError);
  EXPECT_THROW(database.execute("DELETE FROM custody_tasks"), SqlError);
}

TEST(Scrub, TellsKindsOfDefectsApart) {
  const KeptArchive archive(6);
  const auto& sources = archive.sources();
  fs::remove(archive.file_of(sources[0]));
  overwrite(archive.file_of(sources[1]), "");
  overwrite(archive.file_of(sources[2]), "other bytes");
  fs::remove(archive.file_of(sources[3]));
  fs::create_directory(archive.file_of(sources[3]));
  EXPECT_EQ(scrub_all(archive).size(), 4u);
  std::map<std::string, std::string> found;
  for (const CustodyTask& task : tasks_of(archive)) found[task.object] = task.defect;
  EXPECT_EQ(found[sources[0].text()], "missing");
  EXPECT_EQ(found[sources[1].text()], "empty");
  EXPECT_EQ(found[sources[2].text()], "wrong_bytes");
  EXPECT_EQ(found[sources[3].text()], "unreadable");
}

TEST(Scrub, FindsRightBytesThatCannotBeRead) {
  const KeptArchive archive(1);
  {
    Records records = Records::open_writer(archive.path());
    ObjectStore store(archive.folder().objects());
    const BatchNumber batch = records.open_batch("b", "b", {}).number;
    SourceRecord file = source(batch, "odd.tif", "", 2);
    file.blob = store.put("what no decoder knows");
    file = records.add_source(file);
    for (int p = 0; p < 2; ++p) {
      PageRecord page = filed(file, p);
      page.layout_blob = store.put(p == 0 ? std::string("no frame") : compress("no layout"));
      page.alto_blob = store.put(compress("no alto" + std::to_string(p)));
      records.put_page(page);
    }
  }
  EXPECT_EQ(scrub_all(archive).size(), 5u);
  for (const CustodyTask& task : tasks_of(archive)) EXPECT_EQ(task.defect, "undecodable");
}

TEST(Scrub, ADefectThatWasAcceptedIsNoNewTaskUntilItIsAnotherDefect) {
  const KeptArchive archive(3);
  const fs::path file = archive.file_of(archive.sources().at(1));
  overwrite(file, "other bytes");
  ASSERT_EQ(scrub_all(archive).size(), 1u);
  Records::open_writer(archive.path())
      .close_task(1, {true, "wang", "scanned again as batch 7", "no copy is left"});
  EXPECT_TRUE(scrub_all(archive).empty());
  fs::remove(file);
  EXPECT_EQ(scrub_all(archive).size(), 1u);
}

TEST(Scrub, SharesCoverTheStoreOnce) {
  for (const int shares : {1, 2, 7, 30, 255, 256}) {
    std::set<int> seen;
    for (int n = 1; n <= shares; ++n) {
      for (const int part : parts_of_share(n, shares)) EXPECT_TRUE(seen.insert(part).second);
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(kStoreParts));
  }
}

TEST(Scrub, TakesADaysShareOfTheOldestPartsAndAllThatWouldBeOverdue) {
  constexpr const char* kNow = "2024-06-30T09:00:00.000+08:00";
  std::vector<ScrubbedPart> parts(kStoreParts);
  for (int i = 0; i < kStoreParts; ++i) {
    parts[static_cast<std::size_t>(i)] = {i, "2024-06-29T09:00:00.000+08:00", 1, 1, 0};
  }
  EXPECT_EQ(parts_due(parts, kNow, 30, kNow).size(), 9u) << "256 in 30 days";
  parts[77].scrubbed_at = "2024-06-01T09:00:00.000+08:00";
  parts[78].scrubbed_at = "";
  const auto due = parts_due(parts, kNow, 30, kNow);
  EXPECT_THAT((std::vector<int>{due[0], due[1]}), ElementsAre(78, 77)) << "never, then oldest";
  for (ScrubbedPart& part : parts) part.scrubbed_at = "2024-05-01T09:00:00.000+08:00";
  EXPECT_EQ(parts_due(parts, kNow, 30, kNow).size(), 256u);
}

TEST(Scrub, OverdueIsAnAlarm) {
  const KeptArchive archive(1);
  scrub_all(archive);
  CustodySettings settings;
  settings.scrub_days = 30;
  EXPECT_THAT(alarms_of(archive, settings), testing::Not(testing::Contains("scrub_overdue")));
  const auto later = iso8601(*parse_iso8601(timestamp_now()) + std::chrono::days(31), {});
  EXPECT_THAT(alarms_of(archive, settings, later), testing::Contains("scrub_overdue"));
}

TEST(Scrub, StoppedInAPartLeavesItUnscrubbed) {
  const KeptArchive archive(3);
  const Records records = Records::open_reader(archive.path());
  const std::atomic<bool> stop{true};
  ScrubOptions options;
  options.stop = &stop;
  const std::vector<Replica> none;
  EXPECT_FALSE(Scrubber(records, archive.store(), none, options).scrub(0).complete);
}

// -- Replicas and repair ---------------------------------------------------

class Replicas : public testing::Test {
 protected:
  Replicas() {
    const std::string id = Records::open_reader(archive_.path()).archive_id();
    for (const char* name : {"one", "two"}) {
      Replica::begin(archive_.beside(name), id);
      replicas_.emplace_back(archive_.beside(name), id);
    }
  }

  ReplicationOutcome bring(std::size_t which) {
    return replicate(Records::open_reader(archive_.path()), archive_.store(), replicas_[which],
                     nullptr);
  }

  /// Repairs what is open and closes it, as the command does. The number that is left.
  int repair_all(Disk& disk = real_disk()) {
    Records records = Records::open_writer(archive_.path());
    RepairSources sources;
    sources.replicas = &replicas_;
    Repairer repairer(archive_.folder(), sources, disk);
    int left = 0;
    for (const CustodyTask& task : records.custody_tasks(true)) {
      const RepairOutcome outcome = repairer.repair(task);
      if (outcome.repaired) {
        records.close_task(task.number, {false, "wang", outcome.method, "test"});
      } else {
        ++left;
      }
    }
    return left;
  }

  KeptArchive archive_{8};
  std::vector<Replica> replicas_;
};

TEST_F(Replicas, GetWhatTheyLackAndNothingTwice) {
  const auto objects = static_cast<std::int64_t>(archive_.objects().size());
  EXPECT_EQ(bring(0).copied, objects);
  EXPECT_EQ(bring(0).copied, 0);
  archive_.deliver("second", 1);
  EXPECT_EQ(bring(0).copied, 5);
  for (const auto& [name, bytes] : archive_.objects()) {
    EXPECT_EQ(read_file(replicas_[0].store().path_of(*BlobId::parse(name))), bytes);
  }
}

TEST_F(Replicas, NeverGetDamagedBytes) {
  const BlobId blob = archive_.sources()[3];
  flip_one_bit(archive_.file_of(blob), 100);
  const ReplicationOutcome outcome = bring(0);
  ASSERT_EQ(outcome.defects.size(), 1u);
  EXPECT_EQ(outcome.defects[0].object, blob);
  EXPECT_FALSE(replicas_[0].store().contains(blob));
}

TEST_F(Replicas, OfAnotherArchiveOrWithoutTheirMediumAreRefused) {
  const KeptArchive other(1);
  const std::string id = Records::open_reader(other.path()).archive_id();
  const auto kind_of_refusal = [&](const fs::path& folder) {
    try {
      Replica(folder, id);
    } catch (const ArchiveError& error) {
      return error.kind();
    }
    return ErrorKind::internal;
  };
  EXPECT_EQ(kind_of_refusal(replicas_[0].folder()), ErrorKind::archive_foreign);
  EXPECT_EQ(kind_of_refusal(other.beside("not mounted")), ErrorKind::archive_missing);
  EXPECT_THROW(Replica::begin(archive_.path(), id), ArchiveError) << "an archive is in it";
}

TEST_F(Replicas, HealEachOtherWhenDifferentObjectsAreDamaged) {
  bring(0);
  bring(1);
  const auto before = archive_.objects();
  const auto& sources = archive_.sources();
  flip_one_bit(archive_.file_of(sources[0]), 9);
  fs::remove(archive_.file_of(sources[1]));
  overwrite(archive_.file_of(sources[2]), "");
  flip_one_bit(replicas_[0].store().path_of(sources[3]), 9);
  flip_one_bit(replicas_[0].store().path_of(sources[0]), 11);
  EXPECT_EQ(scrub_all(archive_, replicas_).size(), 5u);
  EXPECT_EQ(repair_all(), 0);
  EXPECT_EQ(archive_.objects(), before);
  EXPECT_EQ(replicas_[0].store().check(sources[3]), ObjectHealth::sound);
  EXPECT_EQ(replicas_[0].store().check(sources[0]), ObjectHealth::sound);
  EXPECT_TRUE(scrub_all(archive_, replicas_).empty());
  const auto tasks = tasks_of(archive_, false);
  ASSERT_EQ(tasks.size(), 5u);
  for (const CustodyTask& task : tasks) EXPECT_THAT(task.method, testing::HasSubstr("copied from"));
}

TEST_F(Replicas, KeepTheDamagedBytesAndNeverMakeAnyUp) {
  bring(0);
  const BlobId healable = archive_.sources()[0];
  const BlobId lost = archive_.sources()[1];
  for (const BlobId& blob : {healable, lost}) flip_one_bit(archive_.file_of(blob), 50);
  flip_one_bit(replicas_[0].store().path_of(lost), 60);
  const std::string damaged = read_file(archive_.file_of(healable));
  const std::string lost_bytes = read_file(archive_.file_of(lost));
  scrub_all(archive_, replicas_);
  EXPECT_EQ(repair_all(), 2) << "neither copy of one object is sound";
  EXPECT_EQ(archive_.store().check(healable), ObjectHealth::sound);
  EXPECT_EQ(read_file(archive_.file_of(lost)), lost_bytes) << "what is left stays where it is";
  const fs::directory_iterator aside(archive_.folder().damaged());
  EXPECT_EQ(read_file(aside->path()), damaged);
  EXPECT_EQ(std::distance(begin(aside), end(aside)), 1);
}

TEST_F(Replicas, BringNothingBackThatWasDisposedOf) {
  bring(0);
  const BlobId gone = archive_.sources()[0];
  const BlobId kept = archive_.sources()[1];
  for (const BlobId& blob : {gone, kept}) fs::remove(archive_.file_of(blob));
  scrub_all(archive_, replicas_);
  RepairSources sources;
  sources.replicas = &replicas_;
  sources.disposed = {gone};
  Repairer repairer(archive_.folder(), sources);
  for (const CustodyTask& task : tasks_of(archive_)) {
    const RepairOutcome outcome = repairer.repair(task);
    EXPECT_EQ(outcome.disposed, task.object == gone.text());
    EXPECT_EQ(outcome.repaired, task.object == kept.text());
  }
  EXPECT_FALSE(archive_.store().contains(gone));
  EXPECT_TRUE(archive_.store().contains(kept));
}

TEST_F(Replicas, RepairMayFailAtAnyCallAndBeRepeated) {
  bring(0);
  const BlobId blob = archive_.sources()[0];
  const std::string sound = read_file(archive_.file_of(blob));
  const std::vector<int> part = {std::stoi(std::string(blob.hex().substr(0, 2)), nullptr, 16)};
  int failures = 0;
  for (const DiskCall call : {DiskCall::create, DiskCall::write, DiskCall::set_mode, DiskCall::sync,
                              DiskCall::rename, DiskCall::make_folder, DiskCall::open_folder}) {
    for (int nth = 1;; ++nth) {
      flip_one_bit(archive_.file_of(blob), 50);
      scrub_all(archive_, {}, part);
      FailingDisk disk({call, nth, EIO, false});
      try {
        repair_all(disk);
      } catch (const ArchiveError& error) {
        EXPECT_EQ(error.kind(), ErrorKind::disk);
      }
      EXPECT_EQ(disk.syncs_after_failure(), 0);
      const ObjectHealth health = archive_.store().check(blob);
      EXPECT_TRUE(health == ObjectHealth::sound || health == ObjectHealth::missing ||
                  health == ObjectHealth::wrong_bytes);
      scrub_all(archive_, {}, part);
      EXPECT_EQ(repair_all(), 0);
      EXPECT_EQ(read_file(archive_.file_of(blob)), sound);
      EXPECT_TRUE(tasks_of(archive_).empty());
      if (!disk.failed()) break;
      ++failures;
    }
  }
  EXPECT_GT(failures, 10);
}

}  // namespace
}  // namespace archive
