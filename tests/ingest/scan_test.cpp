#include "ingest/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

/// SANE's program replaced by one that scans `pages` sheets and then ends with `end`.
class PretendedScanner {
 public:
  explicit PretendedScanner(const std::string& script_end, int pages) {
    const char* before = std::getenv("PATH");
    path_before_ = before == nullptr ? "" : before;
    write_file(folder_ / "scanimage",
               "#!/bin/sh\n"
               "for word in \"$@\"; do\n"
               "  case \"$word\" in\n"
               "    --batch=*) form=${word#*=} ;;\n"
               "    --batch-start=*) number=${word#*=} ;;\n"
               "  esac\n"
               "done\n"
               "echo \"$*\" > '" +
                   words_file().string() +
                   "'\n"
                   "last=$((number + " +
                   std::to_string(pages) +
                   "))\n"
                   "while [ \"$number\" -lt \"$last\" ]; do\n"
                   "  echo \"page $number\" > \"$(printf \"$form\" \"$number\")\"\n"
                   "  number=$((number + 1))\n"
                   "done\n"
                   "echo half > \"$(printf \"$form\" \"$number\").part\"\n" +
                   script_end + "\n");
    fs::permissions(folder_ / "scanimage", fs::perms(0755));
    ::setenv("PATH", (folder_.path().string() + ":" + path_before_).c_str(), 1);
  }
  ~PretendedScanner() { ::setenv("PATH", path_before_.c_str(), 1); }

  std::string words() const { return read_file(words_file()); }

 private:
  fs::path words_file() const { return folder_ / "words"; }
  TemporaryFolder folder_;
  std::string path_before_;
};

ArchiveError trouble_of(const ScanRequest& request, const fs::path& folder) {
  try {
    const int pages = scan_to_folder(request, folder);
    return {ErrorKind::internal, "", std::to_string(pages) + " pages and no trouble", ""};
  } catch (const ArchiveError& error) {
    return error;
  }
}

TEST(Scan, TakesWhatTheFeederHolds) {
  const TemporaryFolder folder;
  const PretendedScanner scanner("exit 7", 3);  // out of documents
  EXPECT_EQ(scan_to_folder({"test:0", 300, "Gray", 0}, folder / "box"), 3);
  EXPECT_THAT(names_in(folder / "box"), ElementsAre("0001.tif", "0002.tif", "0003.tif"));
  EXPECT_EQ(read_file(folder / "box" / "0002.tif"), "page 2\n");
  for (const char* word : {"--device-name=test:0", "--resolution=300", "--mode=Gray"}) {
    EXPECT_THAT(scanner.words(), HasSubstr(word));
  }
  EXPECT_THAT(scanner.words(), testing::Not(HasSubstr("--batch-count")));
}

TEST(Scan, GoesOnAfterThePagesThatAreThere) {
  const TemporaryFolder folder;
  const PretendedScanner scanner("exit 0", 2);
  EXPECT_EQ(scan_to_folder({"test:0", 200, "Color", 2}, folder.path()), 2);
  EXPECT_EQ(scan_to_folder({"test:0", 200, "Color", 2}, folder.path()), 2);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("0001.tif", "0002.tif", "0003.tif", "0004.tif"));
  EXPECT_EQ(read_file(folder / "0003.tif"), "page 3\n");
  EXPECT_THAT(scanner.words(), HasSubstr("--batch-count=2"));
}

TEST(Scan, TellsOfEachPageBeforeItIsKept) {
  const TemporaryFolder folder;
  const PretendedScanner scanner("exit 7", 3);
  std::vector<std::string> told;
  const int pages = scan_to_folder({"test:0"}, folder / "box",
                                   [&](const fs::path& file, const std::string& name) {
                                     told.push_back(name + " " + read_file(file));
                                   });
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(told, ElementsAre("0001.tif page 1\n", "0002.tif page 2\n", "0003.tif page 3\n"));
}

TEST(Scan, PagesAreKeptWhenTheTellingFails) {
  const TemporaryFolder folder;
  const PretendedScanner scanner("exit 7", 2);
  const auto fails = [](const fs::path&, const std::string&) {
    throw ArchiveError(ErrorKind::internal, "check", "sick", "nothing");
  };
  EXPECT_THROW(scan_to_folder({"test:0"}, folder / "box", fails), ArchiveError);
  EXPECT_THAT(names_in(folder / "box"), ElementsAre("0001.tif", "0002.tif"));
}

TEST(Scan, PagesOfAKilledScanAreKept) {
  const TemporaryFolder folder;
  const fs::path left = folder / ".scanning";
  fs::create_directories(left);
  write_file(folder / "0001.tif", "filed");
  write_file(left / "2.tif", "sheet 2");
  write_file(left / "10.tif", "sheet 10");
  write_file(left / "11.tif.part", "half");
  const PretendedScanner scanner("exit 7", 1);
  EXPECT_EQ(scan_to_folder({"test:0"}, folder.path()), 1) << "those that came now";
  EXPECT_THAT(names_in(folder.path()), ElementsAre("0001.tif", "0002.tif", "0003.tif", "0004.tif"));
  EXPECT_EQ(read_file(folder / "0001.tif"), "filed");
  EXPECT_EQ(read_file(folder / "0002.tif"), "sheet 2");
  EXPECT_EQ(read_file(folder / "0003.tif"), "sheet 10");
  EXPECT_EQ(read_file(folder / "0004.tif"), "page 4\n");
}

TEST(Scan, PagesOfAKilledScanAreKeptBeforeTheScannerAnswers) {
  const TemporaryFolder folder;
  fs::create_directories(folder / ".scanning");
  write_file(folder / ".scanning/1.tif", "sheet 1");
  const PretendedScanner scanner("echo 'open of device failed' >&2; exit 1", 0);
  int kept = 0;
  EXPECT_THROW(
      scan_to_folder({"test:0"}, folder.path(), nullptr, [&kept](int pages) { kept = pages; }),
      ArchiveError);
  EXPECT_EQ(kept, 1);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("0001.tif"));
}

TEST(Scan, NeverOverwritesAPage) {
  const TemporaryFolder folder;
  write_file(folder / "0001.tif", "first");
  write_file(folder / "0003.tif", "third");  // 0002.tif was taken out for a rescan
  const PretendedScanner scanner("exit 7", 2);
  EXPECT_EQ(scan_to_folder({"test:0"}, folder.path()), 2);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("0001.tif", "0003.tif", "0004.tif", "0005.tif"));
  EXPECT_EQ(read_file(folder / "0003.tif"), "third");
  EXPECT_EQ(read_file(folder / "0005.tif"), "page 5\n");
}

TEST(Scan, NeverOverwritesAPageThatCameMeanwhile) {
  const TemporaryFolder folder;
  const std::string page = (folder / "0001.tif").string();
  const PretendedScanner scanner("printf 'by hand' > '" + page + "'; exit 7", 1);
  EXPECT_EQ(scan_to_folder({"test:0"}, folder.path()), 1);
  EXPECT_EQ(read_file(folder / "0001.tif"), "by hand");
  EXPECT_EQ(read_file(folder / "0002.tif"), "page 1\n");
}

TEST(Scan, ASecondScanOfTheBatchIsRefused) {
  using std::chrono_literals::operator""ms;
  const TemporaryFolder folder;
  const std::string go = (folder / "go").string();
  // Bounded: a second scan that is not refused must end as well.
  const PretendedScanner scanner("tries=0; while [ ! -e '" + go +
                                     "' ] && [ $tries -lt 200 ]; do\n"
                                     "  tries=$((tries + 1)); sleep 0.02\n"
                                     "done; exit 7",
                                 2);
  int pages = 0;
  std::thread first([&] { pages = scan_to_folder({"test:0"}, folder / "box"); });
  for (int i = 0; i < 500 && !fs::exists(folder / "box/.scanning/2.tif"); ++i) {
    std::this_thread::sleep_for(10ms);
  }
  const ArchiveError error = trouble_of({"test:0"}, folder / "box");
  write_file(folder / "go", "");
  first.join();
  EXPECT_EQ(error.kind(), ErrorKind::archive_locked) << error.what();
  EXPECT_THAT(error.problem(), HasSubstr("another scan"));
  EXPECT_EQ(pages, 2);
  EXPECT_THAT(names_in(folder / "box"), ElementsAre("0001.tif", "0002.tif"));
  EXPECT_EQ(scan_to_folder({"test:0"}, folder / "box"), 2) << "the lock went with the scan";
}

TEST(Scan, TheScannerProgramHoldsTheBatchToo) {
  const TemporaryFolder folder;
  const std::string open = (folder / "open").string();
  const PretendedScanner scanner("ls -l /proc/$$/fd > '" + open + "'; exit 7", 1);
  EXPECT_EQ(scan_to_folder({"test:0"}, folder / "box"), 1);
  EXPECT_THAT(read_file(folder / "open"), HasSubstr("/box/.scanning"));
}

/// Notes what is made durable and what gets a name; a name can be refused.
class NotingDisk : public Disk {
 public:
  int sync(int fd) override {
    std::array<char, 4096> place{};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    if (::readlink(link.c_str(), place.data(), place.size() - 1) < 0) return -1;
    calls.push_back("sync " + fs::path(place.data()).filename().string());
    return Disk::sync(fd);
  }
  int rename_new(const fs::path& from, const fs::path& to) override {
    if (to.filename() == refused) {
      errno = ENOSPC;
      return -1;
    }
    calls.push_back(from.filename().string() + " -> " + to.filename().string());
    return Disk::rename_new(from, to);
  }

  std::vector<std::string> calls;
  fs::path refused;
};

TEST(Scan, PagesAreDurableBeforeTheyHaveANameAndTheirNamesAfter) {
  const TemporaryFolder folder;
  const PretendedScanner scanner("exit 7", 2);
  NotingDisk disk;
  EXPECT_EQ(scan_to_folder({"test:0"}, folder / "box", nullptr, nullptr, disk), 2);
  ASSERT_EQ(disk.calls.size(), 6U);
  EXPECT_EQ(disk.calls[0], "sync " + folder.path().filename().string());
  disk.calls.erase(disk.calls.begin());
  EXPECT_THAT(disk.calls, ElementsAre("sync 1.tif", "1.tif -> 0001.tif", "sync 2.tif",
                                      "2.tif -> 0002.tif", "sync box"));
}

TEST(Scan, PagesThatGotNoNameAreKeptByTheNextScan) {
  const TemporaryFolder folder;
  const PretendedScanner scanner("exit 7", 2);
  NotingDisk disk;
  disk.refused = "0002.tif";
  try {
    scan_to_folder({"test:0"}, folder / "box", nullptr, nullptr, disk);
    ADD_FAILURE() << "no trouble";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::disk);
  }
  EXPECT_EQ(scan_to_folder({"test:0"}, folder / "box"), 2);
  EXPECT_THAT(names_in(folder / "box"),
              ElementsAre("0001.tif", "0002.tif", "0003.tif", "0004.tif"));
  EXPECT_EQ(read_file(folder / "box" / "0002.tif"), "page 2\n");
}

TEST(Scan, BehindTheLastNumberIsSaid) {
  const TemporaryFolder folder;
  write_file(folder / "9999.tif", "last");
  const PretendedScanner scanner("exit 7", 1);
  const ArchiveError error = trouble_of({"test:0"}, folder.path());
  EXPECT_EQ(error.kind(), ErrorKind::device);
  EXPECT_THAT(error.what_to_do(), HasSubstr("another batch"));
  EXPECT_THAT(names_in(folder.path()), ElementsAre("9999.tif"));
}

struct Trouble {
  const char* name;
  const char* script_end;
  int pages;
  const char* says;
};
class ScanTroubleTest : public testing::TestWithParam<Trouble> {};

TEST_P(ScanTroubleTest, IsSaidAndThePagesThatCameAreKept) {
  const TemporaryFolder folder;
  const PretendedScanner scanner(GetParam().script_end, GetParam().pages);
  const ArchiveError error = trouble_of({"test:0"}, folder / "box");
  EXPECT_EQ(error.kind(), ErrorKind::device) << error.what();
  EXPECT_EQ(error.where(), "test:0");
  EXPECT_THAT(error.problem(), HasSubstr(GetParam().says));
  EXPECT_THAT(error.problem(), HasSubstr(std::to_string(GetParam().pages) + " pages"));
  std::vector<std::string> expected;
  for (int i = 1; i <= GetParam().pages; ++i)
    expected.push_back("000" + std::to_string(i) + ".tif");
  EXPECT_EQ(names_in(folder / "box"), expected);
}

INSTANTIATE_TEST_SUITE_P(
    Each, ScanTroubleTest,
    testing::Values(Trouble{"jam", "echo first >&2; echo 'feeder jammed' >&2; exit 6", 2,
                            "feeder jammed"},
                    Trouble{"no_device", "echo 'open of device failed' >&2; exit 1", 0, "failed"},
                    Trouble{"empty_feeder", "exit 7", 0, "stopped"},
                    Trouble{"crash", "kill -SEGV $$", 1, "stopped"}),
    [](const auto& row) { return row.param.name; });

TEST(ScanTrouble, WithoutTheProgramIsSaid) {
  const TemporaryFolder folder;
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  const ArchiveError error = trouble_of({"test:0"}, folder / "box");
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(error.kind(), ErrorKind::device);
  EXPECT_THAT(error.problem(), HasSubstr("sane-utils"));
}

// SANE's own pretended device: its driver, its options, its TIFF files.
TEST(ScanDevice, GivesPages) {
  if (!fs::exists("/usr/bin/scanimage")) GTEST_SKIP() << "sane-utils is not installed";
  const TemporaryFolder folder;
  EXPECT_EQ(scan_to_folder({"test:0", 75, "Gray", 2}, folder.path()), 2);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("0001.tif", "0002.tif"));
  EXPECT_THAT(read_file(folder / "0001.tif").substr(0, 2), testing::AnyOf("II", "MM"));
  EXPECT_EQ(trouble_of({"nosuch:1"}, folder / "other").kind(), ErrorKind::device);
}

}  // namespace
}  // namespace archive
