#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/objects/object_store.h"
#include "tests/store/saboteur_disk.h"
#include "tests/store/temporary_folder.h"

// What happens when the disk fails or forgets. The rule is always the same: what put()
// returned for is there, and what is there is whole.

namespace archive {
namespace {

namespace fs = std::filesystem;

std::string page(int n) { return "page " + std::to_string(n) + std::string(2000, 'x'); }

/// Every object that is there is whole, and nothing else is.
void expect_only_whole_objects(const ObjectStore& store) {
  if (store.contains(hash_of(""))) ADD_FAILURE() << "an empty object";
  store.for_each([&store](const std::optional<BlobId>& blob, const fs::path& path) {
    ASSERT_TRUE(blob) << path;
    EXPECT_EQ(store.check(*blob), ObjectHealth::sound) << path;
  });
}

struct Fault {
  const char* name;
  DiskCall call;
  int error;
  const char* cause;
};
class FailingCall : public testing::TestWithParam<Fault> {};

// The nth call of a kind fails, for n = 1, 2, 3 ... until a run meets no fault at all.
TEST_P(FailingCall, IsNeverAcknowledgedAndNamesPlaceAndCause) {
  constexpr int kPages = 4;
  constexpr int kEnough = 200;
  int nth = 1;
  for (; nth < kEnough; ++nth) {
    const TemporaryFolder folder;
    FailingDisk disk({GetParam().call, nth, GetParam().error, false});
    ObjectStore store(folder.path(), true, disk);
    std::vector<BlobId> acknowledged;
    for (int n = 0; n < kPages; ++n) {
      try {
        acknowledged.push_back(store.put(page(n)));
      } catch (const ArchiveError& error) {
        EXPECT_EQ(error.kind(), ErrorKind::disk);
        EXPECT_NE(error.where().find(folder.path().string()), std::string::npos);
        EXPECT_NE(error.problem().find(GetParam().cause), std::string::npos) << error.problem();
        EXPECT_FALSE(error.what_to_do().empty());
      }
    }
    // A folder that was synced may fail to close: that hurts nobody, so it is no must.
    const bool harmless = GetParam().call == DiskCall::close && acknowledged.size() == kPages;
    const std::size_t expected = disk.failed() && !harmless ? kPages - 1 : kPages;
    EXPECT_EQ(acknowledged.size(), expected);
    EXPECT_EQ(disk.syncs_after_failure(), 0) << "a failed fsync was tried again";
    for (const BlobId& blob : acknowledged) EXPECT_EQ(store.check(blob), ObjectHealth::sound);
    expect_only_whole_objects(store);
    EXPECT_EQ(store.remove_unfinished(), 0u) << "rubbish stayed behind";

    // The disk is well again: the same pages go in without a person.
    ObjectStore healed(folder.path());
    for (int n = 0; n < kPages; ++n) EXPECT_EQ(healed.get(healed.put(page(n))), page(n));
    if (!disk.failed()) break;
  }
  EXPECT_GT(nth, kPages) << "the saboteur was hardly asked";
  EXPECT_LT(nth, kEnough) << "a run without a fault was never reached";
}

INSTANTIATE_TEST_SUITE_P(
    Every, FailingCall,
    testing::Values(Fault{"CreateFull", DiskCall::create, ENOSPC, "no space"},
                    Fault{"CreateTooManyFiles", DiskCall::create, EMFILE, "too many files"},
                    Fault{"CreateReadOnly", DiskCall::create, EROFS, "read-only"},
                    Fault{"WriteFull", DiskCall::write, ENOSPC, "no space"},
                    Fault{"WriteQuota", DiskCall::write, EDQUOT, "quota"},
                    Fault{"WriteFails", DiskCall::write, EIO, "input/output error"},
                    Fault{"WriteTooLarge", DiskCall::write, EFBIG, "larger than allowed"},
                    Fault{"SetModeFails", DiskCall::set_mode, EPERM, "not permitted"},
                    Fault{"SyncFails", DiskCall::sync, EIO, "input/output error"},
                    Fault{"SyncFull", DiskCall::sync, ENOSPC, "no space"},
                    Fault{"CloseFails", DiskCall::close, EIO, "input/output error"},
                    Fault{"RenameFull", DiskCall::rename, ENOSPC, "no space"},
                    Fault{"RenameFails", DiskCall::rename, EIO, "input/output error"},
                    Fault{"MakeFolderFull", DiskCall::make_folder, ENOSPC, "no space"},
                    Fault{"OpenFolderFails", DiskCall::open_folder, EIO, "input/output error"}),
    [](const auto& row) { return row.param.name; });

TEST(SickDisk, AcknowledgesNothingHoweverOftenItIsAsked) {
  for (const DiskCall call : {DiskCall::write, DiskCall::sync, DiskCall::rename}) {
    const TemporaryFolder folder;
    FailingDisk disk({call, 1, EIO, true});
    ObjectStore store(folder.path(), true, disk);
    for (int n = 0; n < 20; ++n) EXPECT_THROW(store.put(page(n)), ArchiveError);
    expect_only_whole_objects(store);
  }
}

// The name of an object is made, then the fsync of its folder fails. If the name stayed,
// the next put() would find the object and promise what the disk may have lost.
TEST(FailedFolderSync, TakesTheNameBack) {
  const TemporaryFolder folder;
  ObjectStore(folder.path()).put(page(0));
  const int first_sync_of_the_shard = 4;  // folders, file, parent of the shard, shard
  FailingDisk disk({DiskCall::sync, first_sync_of_the_shard, EIO, false});
  ObjectStore store(folder.path(), true, disk);
  EXPECT_THROW(store.put(page(1)), ArchiveError);
  EXPECT_TRUE(disk.failed());
  EXPECT_FALSE(store.contains(hash_of(page(1))));
}

TEST(HesitantWrites, AreFinished) {
  const TemporaryFolder folder;
  HesitantDisk disk;
  ObjectStore store(folder.path(), true, disk);
  EXPECT_EQ(store.get(store.put(page(7))), page(7));
  write_file(folder / "scan", page(8));
  const auto stored = store.put_file(folder / "scan", 1U << 20);
  ASSERT_TRUE(stored);
  EXPECT_EQ(store.get(stored->blob), page(8));
}

TEST(CopiedFile, IsNotAcknowledgedWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  write_file(folder / "scan", page(1));
  FailingDisk disk({DiskCall::write, 1, ENOSPC, false});
  ObjectStore store(folder.path(), true, disk);
  EXPECT_THROW((void)store.put_file(folder / "scan", 1U << 20), ArchiveError);
  EXPECT_EQ(store.remove_unfinished(), 0u);
  EXPECT_EQ(read_file(folder / "scan"), page(1));
}

/// Objects that were acknowledged and are not there after the power came back.
int lost_after_cut(unsigned seed, bool honest_files, bool honest_folders) {
  const TemporaryFolder folder;
  std::mt19937 random(seed);
  constexpr int kPages = 6;
  constexpr int kCallsMax = 70;
  PowerCutDisk disk(static_cast<int>(random() % kCallsMax), honest_files, honest_folders);
  std::vector<BlobId> acknowledged;
  try {
    ObjectStore store(folder.path(), true, disk);
    for (int n = 0; n < kPages; ++n) acknowledged.push_back(store.put(page(n % 4)));
  } catch (const PowerCutDisk::PowerCut&) {
  }
  disk.forget(random);
  const ObjectStore store(folder.path());
  int lost = 0;
  for (const BlobId& blob : acknowledged) lost += store.check(blob) == ObjectHealth::sound ? 0 : 1;
  if (honest_files && fs::exists(folder / "sha256")) expect_only_whole_objects(store);
  return lost;
}

int lost_in_campaign(bool honest_files, bool honest_folders) {
  constexpr unsigned kCuts = 1000;
  int lost = 0;
  for (unsigned seed = 1; seed <= kCuts; ++seed) {
    const int here = lost_after_cut(seed, honest_files, honest_folders);
    if (here > 0 && honest_files && honest_folders) ADD_FAILURE() << "seed " << seed;
    lost += here;
  }
  return lost;
}

TEST(PowerCut, LosesNothingThatWasAcknowledged) { EXPECT_EQ(lost_in_campaign(true, true), 0); }

// The tests above would find a missing fsync: without it, pages are lost.
TEST(PowerCut, LosesPagesWhenFilesAreNotSynced) { EXPECT_GT(lost_in_campaign(false, true), 0); }
TEST(PowerCut, LosesPagesWhenFoldersAreNotSynced) { EXPECT_GT(lost_in_campaign(true, false), 0); }

}  // namespace
}  // namespace archive
