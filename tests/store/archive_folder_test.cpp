#include "store/archive_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "core/error.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "store/writer_lock.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

ArchiveError error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const ArchiveError& error) {
    EXPECT_FALSE(error.what_to_do().empty());
    return error;
  }
  ADD_FAILURE() << "nothing was refused";
  return {ErrorKind::internal, "", "", ""};
}

TEST(ArchiveFolder, IsMadeCompleteAndOpensAgain) {
  const TemporaryFolder top;
  const ArchiveFolder made = ArchiveFolder::create(top / "new/archive", "language = \"zh\"\n");
  EXPECT_EQ(read_file(made.settings_file()), "language = \"zh\"\n");
  for (const fs::path& folder :
       {made.objects(), made.index(), made.inbox(), made.spool(), made.objects() / "tmp"}) {
    EXPECT_TRUE(fs::is_directory(folder)) << folder;
  }
  const ArchiveFolder again = ArchiveFolder::open(top / "new/archive");
  EXPECT_EQ(again.path(), made.path());
  EXPECT_TRUE(again.path().is_absolute());
  EXPECT_NO_THROW(ObjectStore(again.objects()).put("a page"));
  EXPECT_TRUE(Records::open_reader(again.path()).batches().empty());
}

TEST(ArchiveFolder, IsNotMadeTwiceNorAmongOtherThings) {
  const TemporaryFolder top;
  ArchiveFolder::create(top / "a", "");
  EXPECT_EQ(error_of([&] { ArchiveFolder::create(top / "a", ""); }).kind(), ErrorKind::usage);
  fs::create_directory(top / "b");
  write_file(top / "b/holiday.jpg", "x");
  EXPECT_EQ(error_of([&] { ArchiveFolder::create(top / "b", ""); }).kind(), ErrorKind::usage);
  EXPECT_FALSE(fs::exists(top / "b/objects"));
}

// create() may be killed after any of its steps: each prefix of what it makes must be
// no archive, and must be finished by the next create().
TEST(ArchiveFolder, IsFinishedAfterAnInterruptedInit) {
  const TemporaryFolder top;
  const fs::path a = top / "a";
  const std::vector<std::function<void()>> steps = {
      [&] { fs::create_directory(a); },
      [&] { fs::create_directories(a / "objects/sha256"); },
      [&] { fs::create_directories(a / "spool/tmp"); },
      [&] { write_file(a / "spool/tmp/1-1", "half"); },
      [&] { write_file(a / "juanzong.toml", ""); },
      [&] { write_file(a / "lock", ""); },
      [&] { write_file(a / "records.sqlite.new", "half a data"); },
      [&] { write_file(a / "records.sqlite.new-wal", "base"); },
  };
  for (std::size_t killed_after = 1; killed_after <= steps.size(); ++killed_after) {
    fs::remove_all(a);
    for (std::size_t i = 0; i < killed_after; ++i) steps[i]();
    EXPECT_EQ(error_of([&] { ArchiveFolder::open(a); }).kind(), ErrorKind::archive_missing);
    ArchiveFolder::create(a, "x = 1\n");
    EXPECT_EQ(read_file(ArchiveFolder::open(a).settings_file()), "x = 1\n");
    EXPECT_GE(Records::open_writer(a).schema_version(), 1);
  }
}

TEST(ArchiveFolder, IsFinishedAfterAPowerCutThatLeftTheDatabasesJournal) {
  const TemporaryFolder top;
  const fs::path a = top / "a";
  fs::create_directory(a);
  Records::create(a);
  write_file(a / "records.sqlite-wal", "");
  write_file(a / "records.sqlite-shm", "");
  ArchiveFolder::create(a, "");
  EXPECT_GE(Records::open_writer(a).schema_version(), 1);
}

struct Mark {
  const char* name;
  const char* text;
  ErrorKind kind;
};
class WrongMark : public testing::TestWithParam<Mark> {};

TEST_P(WrongMark, IsRefused) {
  const TemporaryFolder top;
  const ArchiveFolder made = ArchiveFolder::create(top / "a", "");
  overwrite(made.path() / "juanzong.format", GetParam().text);
  EXPECT_EQ(error_of([&] { ArchiveFolder::open(made.path()); }).kind(), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, WrongMark,
    testing::Values(Mark{"Newer", "juanzong archive 3\n", ErrorKind::archive_foreign},
                    Mark{"MuchNewer", "juanzong archive 99999999999\n", ErrorKind::archive_foreign},
                    Mark{"Zero", "juanzong archive 0\n", ErrorKind::archive_foreign},
                    Mark{"NoNumber", "juanzong archive \n", ErrorKind::archive_foreign},
                    Mark{"Trailing", "juanzong archive 1x\n", ErrorKind::archive_foreign},
                    Mark{"Other", "ocfl_1.1\n", ErrorKind::archive_foreign},
                    Mark{"Empty", "", ErrorKind::archive_foreign}),
    [](const auto& row) { return row.param.name; });

TEST(ArchiveFolder, IsMissedWhereThereIsNone) {
  const TemporaryFolder top;
  for (const char* place : {"", "nothing"}) {
    EXPECT_EQ(error_of([&] { ArchiveFolder::open(top / place); }).kind(),
              ErrorKind::archive_missing);
  }
}

TEST(FreeSpace, IsAskedForBeforeAnythingIsWritten) {
  const TemporaryFolder top;
  EXPECT_GT(free_bytes(top.path()), 0u);
  EXPECT_NO_THROW(require_free_space(top.path(), 1));
  const ArchiveError error = error_of([&] { require_free_space(top.path(), UINT64_MAX); });
  EXPECT_EQ(error.kind(), ErrorKind::disk);
  EXPECT_EQ(error_of([&] { free_bytes(top / "nothing"); }).kind(), ErrorKind::disk);
}

TEST(WriterLock, IsHeldByOneProcessAndFreedByItsDeath) {
  const TemporaryFolder top;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const WriterLock lock(top.path());
    [[maybe_unused]] const auto told = ::write(ready[1], "x", 1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const ArchiveError error = error_of([&] { WriterLock lock(top.path()); });
  EXPECT_EQ(error.kind(), ErrorKind::archive_locked);
  EXPECT_NE(error.problem().find("process " + std::to_string(child)), std::string::npos);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_NO_THROW(WriterLock lock(top.path()));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(WriterLock, OfAFolderThatIsNotThereIsADiskError) {
  const TemporaryFolder top;
  EXPECT_EQ(error_of([&] { WriterLock lock(top / "nothing"); }).kind(), ErrorKind::disk);
}

}  // namespace
}  // namespace archive
