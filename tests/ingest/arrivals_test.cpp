#include "ingest/arrivals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// A hot folder in which files are as old as the test says.
class ArrivalsTest : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view bytes, milliseconds age = hours(1)) {
    fs::create_directories((folder_ / name).parent_path());
    write_file(folder_ / name, bytes);
    fs::last_write_time(folder_ / name, fs::file_time_type::clock::now() - age);
  }
  static std::vector<std::string> names(const std::vector<SourceFile>& files) {
    std::vector<std::string> names;
    for (const SourceFile& file : files) names.push_back(file.name);
    return names;
  }
  /// What two looks one after another give.
  std::vector<std::string> two_looks(Arrivals& arrivals) {
    std::vector<std::string> found = names(arrivals.look());
    EXPECT_THAT(found, IsEmpty());
    return names(arrivals.look());
  }

  TemporaryFolder folder_;
};

constexpr milliseconds kQuiet{60'000};

TEST_F(ArrivalsTest, AFileIsGivenOnceWhenItIsOldAndStaysTheSame) {
  Arrivals arrivals(folder_.path(), kQuiet);
  write("box/10.tif", "page");
  write("box/9.tif", "another");
  EXPECT_THAT(two_looks(arrivals), ElementsAre("box/9.tif", "box/10.tif"));
  EXPECT_THAT(arrivals.look(), IsEmpty());
}

TEST_F(ArrivalsTest, AFileThatWasChangedAMomentAgoWaits) {
  Arrivals arrivals(folder_.path(), kQuiet);
  write("box/1.tif", "page", milliseconds(0));
  EXPECT_THAT(two_looks(arrivals), IsEmpty());
  fs::last_write_time(folder_ / "box/1.tif", fs::file_time_type::clock::now() - hours(1));
  EXPECT_THAT(two_looks(arrivals), ElementsAre("box/1.tif"));
}

TEST_F(ArrivalsTest, AFileThatChangesIsGivenAgain) {
  Arrivals arrivals(folder_.path(), kQuiet);
  write("box/1.tif", "page");
  two_looks(arrivals);
  write("box/1.tif", "scanned again");
  EXPECT_THAT(two_looks(arrivals), ElementsAre("box/1.tif"));
}

TEST_F(ArrivalsTest, WhatLayThereHiddenFilesJobSheetsAndLooseFilesAreNotGiven) {
  write("box/old.tif", "page");
  Arrivals arrivals(folder_.path(), kQuiet);
  write("box/.half.tif", "half");
  write("box/jobsheet.toml", "sheets = 1");
  write("loose.tif", "page");
  EXPECT_THAT(two_looks(arrivals), IsEmpty());
}

TEST_F(ArrivalsTest, AFolderThatIsGoneHoldsNothing) {
  Arrivals arrivals(folder_ / "none", kQuiet);
  EXPECT_THAT(arrivals.look(), IsEmpty());
}

}  // namespace
}  // namespace archive
