#include "store/objects/object_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "tests/store/saboteur_disk.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMiB = 1U << 20;

struct ObjectStoreTest : testing::Test {
  TemporaryFolder folder;
  ObjectStore store{folder.path()};

  std::size_t files_in(const char* name) const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / name)) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }
};

TEST(HashOf, AgreesWithThePublishedVectors) {
  EXPECT_EQ(hash_of("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_of("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_F(ObjectStoreTest, GivesBackWhatWasPut) {
  const std::string bytes = std::string("卷宗") + '\0' + "\xff page";
  const BlobId blob = store.put(bytes);
  EXPECT_EQ(store.get(blob), bytes);
  EXPECT_EQ(blob, hash_of(bytes));
  EXPECT_TRUE(store.contains(blob));
  EXPECT_EQ(store.check(blob), ObjectHealth::sound);
  EXPECT_EQ(files_in("tmp"), 0u);
}

TEST_F(ObjectStoreTest, KeepsEmptyBytesToo) {
  const BlobId blob = store.put("");
  EXPECT_EQ(store.get(blob), "");
  EXPECT_EQ(store.check(blob), ObjectHealth::sound);
}

TEST_F(ObjectStoreTest, NamesAnObjectByItsHashAsSha256sumPrintsIt) {
  const BlobId blob = store.put("a page");
  const std::string command = "sha256sum '" + store.path_of(blob).string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> tool(popen(command.c_str(), "r"), pclose);
  std::string printed(64, '\0');
  ASSERT_EQ(fread(printed.data(), 1, printed.size(), tool.get()), printed.size());
  const fs::path path = store.path_of(blob);
  EXPECT_EQ(path.parent_path().filename().string() + path.filename().string(), printed);
}

TEST_F(ObjectStoreTest, MakesObjectsReadOnly) {
  struct stat state {};
  ASSERT_EQ(::stat(store.path_of(store.put("a page")).c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0440u);
}

TEST_F(ObjectStoreTest, KeepsEqualBytesOnce) {
  const BlobId first = store.put("twice");
  struct stat before {
  }, after{};
  ::stat(store.path_of(first).c_str(), &before);
  EXPECT_EQ(store.put("twice"), first);
  ::stat(store.path_of(first).c_str(), &after);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(files_in("sha256"), 1u);
}

TEST_F(ObjectStoreTest, HasNothingItWasNotGiven) {
  const BlobId other = hash_of("never put");
  EXPECT_FALSE(store.contains(other));
  EXPECT_EQ(store.check(other), ObjectHealth::missing);
  try {
    store.get(other);
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
  }
}

TEST(ObjectStoreWithoutFolder, IsRefused) {
  const TemporaryFolder folder;
  try {
    ObjectStore(folder / "nothing");
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::archive_missing);
  }
}

struct Damage {
  const char* name;
  std::string bytes;
  ObjectHealth health;
};
class DamagedObject : public testing::TestWithParam<Damage> {};

TEST_P(DamagedObject, IsToldNeverReturnedAndReplacedByTheNextPut) {
  const TemporaryFolder folder;
  ObjectStore store(folder.path());
  const BlobId blob = store.put("the page as it was scanned");
  overwrite(store.path_of(blob), GetParam().bytes);
  EXPECT_EQ(store.check(blob), GetParam().health);
  try {
    store.get(blob);
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::damage);
  }
  store.put("the page as it was scanned");
  EXPECT_EQ(store.get(blob), "the page as it was scanned");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DamagedObject,
    testing::Values(Damage{"Empty", "", ObjectHealth::empty},
                    Damage{"Truncated", "the page as it was", ObjectHealth::wrong_bytes},
                    Damage{"Grown", "the page as it was scanned.", ObjectHealth::wrong_bytes},
                    Damage{"OneBit", "the page as it was scannee", ObjectHealth::wrong_bytes},
                    Damage{"Zeroed", std::string(26, '\0'), ObjectHealth::wrong_bytes}),
    [](const auto& row) { return row.param.name; });

TEST_F(ObjectStoreTest, HandsOutThePathOfASoundObjectOnly) {
  const BlobId sound = store.put("whole");
  const BlobId rotten = store.put("whole as well");
  const BlobId absent = hash_of("never put");
  fs::permissions(store.path_of(rotten), fs::perms::owner_all);
  std::ofstream(store.path_of(rotten)) << "whole as hell";
  EXPECT_EQ(store.sound_file_of(sound).path(), store.path_of(sound));
  EXPECT_TRUE(store.is_sound(sound));
  for (const BlobId& blob : {rotten, absent}) {
    EXPECT_FALSE(store.is_sound(blob));
    EXPECT_THROW(store.sound_file_of(blob), ArchiveError);
  }
  store.put("whole as well");
  EXPECT_TRUE(store.is_sound(rotten));
}

TEST_F(ObjectStoreTest, TakesALinkForNoObject) {
  const BlobId blob = store.put("a page");
  const fs::path path = store.path_of(blob);
  fs::rename(path, folder / "elsewhere");
  fs::create_symlink(folder / "elsewhere", path);
  EXPECT_FALSE(store.contains(blob));
  EXPECT_EQ(store.check(blob), ObjectHealth::unreadable);
  store.put("a page");
  EXPECT_EQ(store.check(blob), ObjectHealth::sound);
}

TEST_F(ObjectStoreTest, ListsObjectsInNameOrderAndStraysWithoutAName) {
  std::vector<BlobId> put;
  for (int i = 0; i < 40; ++i) put.push_back(store.put("page " + std::to_string(i)));
  std::ranges::sort(put);
  write_file(store.path_of(put[0]).parent_path() / "notes.txt", "x");
  write_file(folder / "sha256/README", "x");
  std::vector<BlobId> listed;
  std::vector<std::string> strays;
  store.for_each([&](const std::optional<BlobId>& blob, const fs::path& path) {
    if (blob) {
      listed.push_back(*blob);
    } else {
      strays.push_back(path.filename());
    }
  });
  EXPECT_EQ(listed, put);
  EXPECT_EQ(strays, (std::vector<std::string>{"notes.txt", "README"}));
}

TEST_F(ObjectStoreTest, LeavesToAnotherProcessWhatItIsWriting) {
  store.put("a page");
  write_file(folder / ("tmp/" + std::to_string(::getppid()) + "-0"), "half a pa");
  EXPECT_EQ(store.remove_unfinished(), 0u);
  EXPECT_EQ(files_in("tmp"), 1u);
}

TEST_F(ObjectStoreTest, RemovesWhatWasNeverFinished) {
  store.put("a page");
  write_file(folder / "tmp/2000000000-4", "half a pa");
  EXPECT_EQ(store.remove_unfinished(), 1u);
  EXPECT_EQ(files_in("tmp"), 0u);
  EXPECT_EQ(files_in("sha256"), 1u);
}

TEST_F(ObjectStoreTest, ManyThreadsMayPutTheSameBytes) {
  constexpr int kThreads = 8, kObjects = 40;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([this] {
        for (int n = 0; n < kObjects; ++n) store.put("page " + std::to_string(n));
      });
    }
  }
  EXPECT_EQ(files_in("sha256"), static_cast<std::size_t>(kObjects));
  EXPECT_EQ(files_in("tmp"), 0u);
  for (int n = 0; n < kObjects; ++n) {
    EXPECT_EQ(store.check(hash_of("page " + std::to_string(n))), ObjectHealth::sound);
  }
}

TEST_F(ObjectStoreTest, CopiesAFileInAndTellsItsFirstBytes) {
  std::string bytes = "II*";
  for (int i = 0; bytes.size() < 600'000; ++i) bytes += std::to_string(i);
  write_file(folder / "scan.tif", bytes);
  const auto stored = store.put_file(folder / "scan.tif", kMiB);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->blob, hash_of(bytes));
  EXPECT_EQ(stored->size_bytes, bytes.size());
  EXPECT_EQ(stored->first_bytes, bytes.substr(0, 2048));
  EXPECT_EQ(store.get(stored->blob), bytes);
  EXPECT_EQ(read_file(folder / "scan.tif"), bytes);

  const auto again = store.put_file(folder / "scan.tif", kMiB);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->blob, stored->blob);
  EXPECT_EQ(files_in("sha256"), 1u);
  EXPECT_EQ(files_in("tmp"), 0u);
}

TEST_F(ObjectStoreTest, TakesAFileOfExactlyTheLimitAndNoneAboveIt) {
  write_file(folder / "scan", std::string(100, 'x'));
  EXPECT_TRUE(store.put_file(folder / "scan", 100));
  const auto refused = store.put_file(folder / "scan", 99);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, FaultReason::too_large);
}

struct Refusal {
  const char* name;
  FaultReason reason;
  void (*prepare)(const fs::path& file);
};
class RefusedFile : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedFile, IsAFaultThatLeavesNothingBehind) {
  const TemporaryFolder folder;
  ObjectStore store(folder.path());
  const fs::path file = folder / "张三.tif";
  GetParam().prepare(file);
  const auto stored = store.put_file(file, kMiB);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().reason, GetParam().reason);
  EXPECT_EQ(stored.error().stage, Stage::receive);
  EXPECT_EQ(stored.error().detail.find("张三"), std::string::npos);
  EXPECT_EQ(store.remove_unfinished(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, RefusedFile,
    testing::Values(Refusal{"Missing", FaultReason::vanished, [](const fs::path&) {}},
                    Refusal{"Empty", FaultReason::empty_file,
                            [](const fs::path& f) { write_file(f, ""); }},
                    Refusal{"Folder", FaultReason::unreadable_file,
                            [](const fs::path& f) { fs::create_directory(f); }},
                    Refusal{"Pipe", FaultReason::unreadable_file,
                            [](const fs::path& f) { ::mkfifo(f.c_str(), 0600); }},
                    Refusal{"LinkToNothing", FaultReason::vanished,
                            [](const fs::path& f) { fs::create_symlink("/nonexistent/scan", f); }},
                    Refusal{"LinkToItself", FaultReason::unreadable_file,
                            [](const fs::path& f) { fs::create_symlink(f, f); }}),
    [](const auto& row) { return row.param.name; });

TEST_F(ObjectStoreTest, AFileWithoutPermissionIsAFault) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  write_file(folder / "scan", "bytes");
  fs::permissions(folder / "scan", fs::perms::none);
  const auto stored = store.put_file(folder / "scan", kMiB);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().reason, FaultReason::unreadable_file);
}

struct Meddling {
  const char* name;
  void (*meddle)(const fs::path& file);
  bool stored;
};
class ChangingFile : public testing::TestWithParam<Meddling> {};

TEST_P(ChangingFile, IsNeverTakenForWhole) {
  const TemporaryFolder folder;
  const fs::path file = folder / "scan";
  write_file(file, std::string(700'000, 'a'));
  fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
  MeddlingDisk disk([&file] { GetParam().meddle(file); });
  ObjectStore store(folder.path(), true, disk);
  const auto stored = store.put_file(file, kMiB);
  ASSERT_EQ(stored.has_value(), GetParam().stored);
  if (!stored) {
    EXPECT_EQ(stored.error().reason, FaultReason::vanished);
  } else {
    EXPECT_EQ(store.get(stored->blob), std::string(700'000, 'a'));
  }
  EXPECT_EQ(store.remove_unfinished(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    WhileItIsRead, ChangingFile,
    testing::Values(
        Meddling{"Shrinks", [](const fs::path& f) { fs::resize_file(f, 300'000); }, false},
        Meddling{"Emptied", [](const fs::path& f) { fs::resize_file(f, 0); }, false},
        Meddling{"Grows", [](const fs::path& f) { fs::resize_file(f, 900'000); }, false},
        Meddling{"Rewritten", [](const fs::path& f) { write_file(f, std::string(700'000, 'b')); },
                 false},
        // All its bytes are in our hands: refusing them now would lose them.
        Meddling{"Deleted", [](const fs::path& f) { fs::remove(f); }, true},
        Meddling{"Replaced",
                 [](const fs::path& f) {
                   write_file(f.string() + ".new", "other");
                   fs::rename(f.string() + ".new", f);
                 },
                 true}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace archive
