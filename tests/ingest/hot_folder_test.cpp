#include "ingest/hot_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr milliseconds kQuiet{2000};

/// A hot folder whose clock goes when the test says so.
class HotFolderTest : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view bytes) {
    fs::create_directories((folder_ / name).parent_path());
    write_file(folder_ / name, bytes);
  }
  /// The names of the batches that are ready after so long a wait.
  std::vector<std::string> ready_after(milliseconds wait) {
    now_ += wait;
    last_ = hot_.look();
    std::vector<std::string> names;
    for (const fs::path& batch : last_.ready) names.push_back(batch.filename().string());
    return names;
  }

  TemporaryFolder folder_;
  std::chrono::steady_clock::time_point now_;
  HotFolder hot_{folder_.path(), kQuiet, [this] { return now_; }};
  HotFolder::Look last_;
};

TEST_F(HotFolderTest, ABatchIsGivenOnceWhenItKeptStill) {
  write("box-1/1.tif", "page");
  EXPECT_THAT(ready_after(milliseconds(0)), IsEmpty());
  EXPECT_EQ(last_.filling, 1u);
  EXPECT_THAT(ready_after(kQuiet - milliseconds(1)), IsEmpty());
  EXPECT_THAT(ready_after(milliseconds(1)), ElementsAre("box-1"));
  EXPECT_EQ(last_.filling, 0u);
  EXPECT_THAT(ready_after(kQuiet * 10), IsEmpty());
}

struct Change {
  const char* name;
  std::function<void(const fs::path& batch)> make;
};
class ChangeTest : public HotFolderTest, public testing::WithParamInterface<Change> {};

TEST_P(ChangeTest, StartsTheWaitAgain) {
  write("box/1.tif", "page");
  write("box/sub/2.tif", "page");
  write("box/.hidden", "x");
  ready_after(milliseconds(0));
  for (int i = 0; i < 5; ++i) {
    GetParam().make(folder_ / "box");
    EXPECT_THAT(ready_after(kQuiet - milliseconds(1)), IsEmpty()) << "change " << i;
    EXPECT_EQ(last_.filling, 1u);
  }
  EXPECT_THAT(ready_after(kQuiet), ElementsAre("box"));
  GetParam().make(folder_ / "box");
  EXPECT_THAT(ready_after(milliseconds(0)), IsEmpty());
  EXPECT_THAT(ready_after(kQuiet), ElementsAre("box")) << "a change after it was given";
}

void grow(const fs::path& file) { write_file(file, read_file(file) + "more"); }
void touch(const fs::path& file) {
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(3));
}
int fresh_number() {
  static int number = 100;
  return ++number;
}

void rename_somehow(const fs::path& folder) {
  fs::rename(*fs::directory_iterator(folder), folder / std::to_string(fresh_number()));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ChangeTest,
    testing::Values(Change{"grows", [](const fs::path& box) { grow(box / "1.tif"); }},
                    Change{"is_written_over", [](const fs::path& box) { touch(box / "1.tif"); }},
                    Change{"grows_below",
                           [](const fs::path& box) { grow(*fs::directory_iterator(box / "sub")); }},
                    Change{"hidden_grows", [](const fs::path& box) { grow(box / ".hidden"); }},
                    Change{"comes",
                           [](const fs::path& box) {
                             write_file(box / std::to_string(fresh_number()), "p");
                           }},
                    Change{"is_renamed", [](const fs::path& box) { rename_somehow(box / "sub"); }}),
    [](const auto& row) { return row.param.name; });

TEST_F(HotFolderTest, ManyBatchesComeInTheirNaturalOrder) {
  for (const char* name : {"box-10/1.tif", "box-2/1.tif", "box-1/1.tif"}) write(name, "page");
  ready_after(milliseconds(0));
  EXPECT_THAT(ready_after(kQuiet), ElementsAre("box-1", "box-2", "box-10"));
}

TEST_F(HotFolderTest, OneThatIsFilledDoesNotHoldUpAnother) {
  write("filling/1.tif", "page");
  write("still/1.tif", "page");
  ready_after(milliseconds(0));
  grow(folder_ / "filling/1.tif");
  EXPECT_THAT(ready_after(kQuiet), ElementsAre("still"));
  EXPECT_EQ(last_.filling, 1u);
}

TEST_F(HotFolderTest, EmptyAndHiddenFoldersAreNoBatches) {
  fs::create_directories(folder_ / "empty");
  write("only_hidden/.part", "x");
  write(".trash/1.tif", "page");
  ready_after(milliseconds(0));
  EXPECT_THAT(ready_after(kQuiet), IsEmpty());
  EXPECT_EQ(last_.filling, 0u) << "nobody waits for a batch without a page";
}

TEST_F(HotFolderTest, LooseFilesAreNamedOnce) {
  write("1.tif", "page");
  write(".hidden", "x");
  ready_after(milliseconds(0));
  EXPECT_THAT(last_.loose, ElementsAre(folder_ / "1.tif"));
  write("2.tif", "page");
  ready_after(kQuiet);
  EXPECT_THAT(last_.loose, ElementsAre(folder_ / "2.tif"));
}

TEST_F(HotFolderTest, ABatchThatWentAwayAndCameBackIsNew) {
  write("box/1.tif", "page");
  ready_after(milliseconds(0));
  EXPECT_THAT(ready_after(kQuiet), ElementsAre("box"));
  fs::rename(folder_ / "box", folder_ / ".away");
  ready_after(kQuiet);
  fs::rename(folder_ / ".away", folder_ / "box");
  EXPECT_THAT(ready_after(kQuiet), IsEmpty());
  EXPECT_THAT(ready_after(kQuiet), ElementsAre("box"));
}

TEST_F(HotFolderTest, AFolderThatIsGoneIsSaid) {
  HotFolder gone(folder_ / "none", kQuiet, [] { return std::chrono::steady_clock::time_point(); });
  try {
    gone.look();
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input_missing);
    EXPECT_EQ(error.where(), (folder_ / "none").string());
  }
}

}  // namespace
}  // namespace archive
