#include "ingest/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
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
