#include "store/custody/garbage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "store/records/sql.h"
#include "store/writer_lock.h"
#include "tests/store/record_samples.h"
#include "tests/store/saboteur_disk.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const auto kFarAhead = std::chrono::system_clock::now() + 24h;

struct Garbage : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  ObjectStore store{objects_folder()};

  fs::path objects_folder() const {
    fs::create_directory(folder / "objects");
    return folder / "objects";
  }
  GarbageOutcome collect(std::chrono::system_clock::duration grace = 0s) {
    return GarbageCollector(records, grace).collect(store, "");
  }
  /// A list of this name needs the object; what it needed before it does no more.
  void need(const std::string& list, const BlobId& blob) {
    ComparisonListRecord made;
    made.name = list;
    made.kind = ListKind::person;
    made.blob = blob;
    made.given_by = "tester";
    records.put_list(made, {});
  }
};

TEST_F(Garbage, IsMarkedFirstAndRemovedByALaterRun) {
  const BlobId needed = store.put("needed");
  const BlobId other = store.put("nobody needs this");
  need("list", needed);
  std::this_thread::sleep_for(10ms);
  const GarbageOutcome first = collect();
  EXPECT_EQ(first.marked, 1);
  EXPECT_EQ(first.removed, 0);
  EXPECT_TRUE(store.contains(other)) << "a mark takes nothing away";
  const GarbageOutcome second = collect();
  EXPECT_EQ(second.marked, 0);
  EXPECT_EQ(second.removed, 1);
  EXPECT_EQ(second.bytes, 17);
  EXPECT_FALSE(store.contains(other));
  EXPECT_EQ(store.get(needed), "needed");
  std::vector<std::string> told;
  records.for_each_event(0, [&](const Records::Event& event) { told.push_back(event.action); });
  EXPECT_THAT(told, testing::IsSupersetOf({"garbage_marked", "garbage_removed"}));
}

TEST_F(Garbage, WaitsForTheGrace) {
  const BlobId other = store.put("nobody needs this");
  EXPECT_EQ(collect(1h).marked, 0) << "it may be on its way into the records";
  std::this_thread::sleep_for(10ms);
  EXPECT_EQ(collect().marked, 1);
  const GarbageOutcome early = collect(1h);
  EXPECT_EQ(early.removed + early.needed, 0);
  EXPECT_EQ(early.waiting, 1);
  EXPECT_TRUE(store.contains(other));
}

TEST_F(Garbage, IsNoneWhenSomebodyNeedsItAgain) {
  const BlobId blob = store.put("bytes");
  std::this_thread::sleep_for(10ms);
  ASSERT_EQ(collect().marked, 1);
  need("list", blob);
  const GarbageOutcome outcome = collect();
  EXPECT_EQ(outcome.needed, 1);
  EXPECT_TRUE(store.contains(blob));
}

TEST_F(Garbage, WhatWasPutAgainBeforeAnyRecordNamesItStays) {
  const BlobId blob = store.put("bytes");
  std::this_thread::sleep_for(250ms);
  ASSERT_EQ(collect(200ms).marked, 1);
  std::this_thread::sleep_for(250ms);
  store.put("bytes");
  const GarbageOutcome outcome = collect(200ms);
  EXPECT_EQ(outcome.needed, 1);
  EXPECT_TRUE(store.contains(blob));
}

TEST_F(Garbage, WithoutAGraceNeedsToBeAlone) {
  fs::create_directory(folder / "spool");
  std::optional<BesideLock> serving = BesideLock::share(folder.path());
  {
    const BesideLock another = BesideLock::share(folder.path());
    EXPECT_FALSE(BesideLock::alone(folder.path()));
  }
  serving.reset();
  const auto alone = BesideLock::alone(folder.path());
  ASSERT_TRUE(alone);
  EXPECT_THROW(BesideLock::share(folder.path()), ArchiveError);
}

TEST_F(Garbage, GoesDamagedAsItIs) {
  const BlobId blob = store.put("bytes");
  overwrite(store.path_of(blob), "bites");
  std::this_thread::sleep_for(10ms);
  EXPECT_EQ(collect().marked, 1);
  EXPECT_EQ(collect().removed, 1);
  EXPECT_FALSE(store.contains(blob));
}

TEST_F(Garbage, OfAReplicaGoesByItself) {
  const BlobId needed = store.put("needed");
  need("list", needed);
  fs::create_directories(folder / "replica/objects");
  ObjectStore replica(folder / "replica/objects");
  replica.put("needed");
  const BlobId other = replica.put("disposed of in the archive");
  std::this_thread::sleep_for(10ms);
  GarbageCollector collector(records, 0s);
  EXPECT_EQ(collector.collect(replica, "replica").marked, 1);
  EXPECT_EQ(collector.look(replica, "replica").removed, 1);
  EXPECT_EQ(collector.collect(replica, "replica").removed, 1);
  EXPECT_TRUE(replica.contains(needed));
  EXPECT_FALSE(replica.contains(other));
}

TEST_F(Garbage, RecordsOfRemovalsAreKept) {
  store.put("bytes");
  std::this_thread::sleep_for(10ms);
  collect();
  collect();
  Database db(folder / "records.sqlite", Database::Access::write);
  for (const Sql text : {Sql("DELETE FROM garbage"), Sql("UPDATE garbage SET object = 'other'")}) {
    EXPECT_THROW(db.execute(text), SqlError);
  }
}

TEST_F(Garbage, ARemovalThatWasInterruptedIsTakenBack) {
  const BlobId blob = store.put("bytes");
  fs::create_directory(folder / "objects/doomed");
  fs::rename(store.path_of(blob), folder / "objects/doomed" / std::string(blob.hex()));
  EXPECT_FALSE(store.contains(blob));
  store.remove_unfinished();
  EXPECT_EQ(store.get(blob), "bytes");
  EXPECT_TRUE(fs::is_empty(folder / "objects/doomed"));
}

// Every call of a removal fails once: the object is either whole or gone, and what is left is
// settled by the next run.
TEST_F(Garbage, ADiskThatFailsLosesNothing) {
  int failures = 0;
  for (const DiskCall call : {DiskCall::make_folder, DiskCall::rename, DiskCall::open_folder,
                              DiskCall::sync, DiskCall::remove}) {
    for (int nth = 1; nth <= 3; ++nth) {
      SCOPED_TRACE(std::to_string(static_cast<int>(call)) + " " + std::to_string(nth));
      const BlobId blob = store.put("bytes");
      FailingDisk disk({call, nth});
      ObjectStore failing(folder / "objects", true, disk);
      try {
        failing.remove(blob, kFarAhead);
      } catch (const ArchiveError& error) {
        EXPECT_EQ(error.kind(), ErrorKind::disk);
        ++failures;
      }
      store.remove_unfinished();
      if (store.contains(blob)) {
        EXPECT_EQ(store.get(blob), "bytes");
      }
      const fs::path doomed = folder / "objects/doomed";
      EXPECT_TRUE(!fs::exists(doomed) || fs::is_empty(doomed));
    }
  }
  EXPECT_GE(failures, 5) << "no call failed: the test shows nothing";
}

TEST_F(Garbage, AnObjectThatCannotBeTouchedIsNoneThatWasPut) {
  store.put("bytes");
  FailingDisk disk({DiskCall::touch, 1});
  ObjectStore failing(folder / "objects", true, disk);
  EXPECT_THROW(failing.put("bytes"), ArchiveError);
}

}  // namespace
}  // namespace archive
