#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "store/verify.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

// A process files pages and tells each one through a pipe when it is durable. It is
// killed at random moments, started again, killed again. What it told must be there, the
// next start must need no person, and at the end nothing is missing or twice.

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr int kFiles = 80;
constexpr int kPagesInFile = 3;
constexpr int kKills = 50;
constexpr unsigned kSeed = 20240630;

std::string scan(int file) { return "scan " + std::to_string(file) + std::string(3000, 's'); }

/// The work of the child. Goes on where an earlier one stopped.
void file_everything(const fs::path& archive, int acknowledge) {
  ObjectStore store(archive / "objects");
  Records records = Records::open_writer(archive);
  store.remove_unfinished();
  const BatchRecord batch = records.open_batch("b", "b", {});
  for (int i = 0; i < kFiles; ++i) {
    SourceRecord file =
        source(batch.number, std::to_string(i), "", kPagesInFile, std::int64_t{i} * kPagesInFile);
    file.blob = store.put(scan(i));
    file = records.add_source(file);
    const std::set<int> done = records.pages_done(file.number);
    for (int p = 0; p < kPagesInFile; ++p) {
      if (done.contains(p)) continue;
      PageRecord page = full_page(file, p);
      page.layout_blob = store.put("layout " + std::to_string(i) + "/" + std::to_string(p));
      page.alto_blob = store.put("alto " + std::to_string(i) + "/" + std::to_string(p));
      const PageNumber number = records.put_page(page);
      if (::write(acknowledge, &number, sizeof number) != sizeof number) ::_exit(2);
    }
  }
  records.close_batch(batch.number, BatchState::complete, "", std::nullopt);
}

struct Attempt {
  std::vector<PageNumber> acknowledged;
  bool finished = false;
};

/// Runs the child, and kills it `microseconds` after it told its first page (or begun).
Attempt run_and_kill(const fs::path& archive, bool wait_for_a_page, long microseconds) {
  int pipe[2];
  if (::pipe(pipe) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    try {
      file_everything(archive, pipe[1]);
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  ::close(pipe[1]);
  Attempt run;
  PageNumber number = 0;
  if (wait_for_a_page && ::read(pipe[0], &number, sizeof number) == sizeof number) {
    run.acknowledged.push_back(number);
  }
  const timespec pause{microseconds / 1'000'000, microseconds % 1'000'000 * 1000};
  if (microseconds >= 0) {
    ::nanosleep(&pause, nullptr);
    ::kill(child, SIGKILL);
  }
  while (::read(pipe[0], &number, sizeof number) == sizeof number) {
    run.acknowledged.push_back(number);
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << "the child gave up by itself";
  run.finished = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return run;
}

void expect_there(const fs::path& archive, const std::set<PageNumber>& acknowledged) {
  const ObjectStore store(archive / "objects");
  const Records records = Records::open_reader(archive);
  for (const PageNumber number : acknowledged) {
    const auto page = records.page(number);
    ASSERT_TRUE(page) << "page " << number << " was acknowledged and is gone";
    EXPECT_EQ(page->fields.size(), 3u);
    EXPECT_EQ(store.check(*page->source_blob), ObjectHealth::sound);
    EXPECT_EQ(store.check(*page->layout_blob), ObjectHealth::sound);
    EXPECT_EQ(store.check(*page->alto_blob), ObjectHealth::sound);
  }
}

class Kill : public testing::TestWithParam<bool> {};

TEST_P(Kill, LosesNothingAndRepeatsNothing) {
  const bool encrypted = GetParam();
  const TemporaryFolder folder;
  KeySource key;
  key.key_file = folder / "archive.key";
  if (encrypted) make_key_file(key.key_file);
  unlock_by(encrypted ? key : KeySource());
  std::string recovery;
  std::mt19937 random(kSeed);
  std::set<PageNumber> acknowledged;
  int kills = 0;
  int rounds = 0;
  fs::path archive;
  while (kills < kKills) {
    // A new archive when the last one is full, so that every kill hits work.
    if (archive.empty()) archive = folder / ("archive" + std::to_string(rounds++));
    if (!fs::exists(archive)) {
      encrypted ? ArchiveFolder::create_encrypted(archive, "", key, recovery)
                : ArchiveFolder::create(archive, "");
    }
    const Attempt run =
        run_and_kill(archive, random() % 4 != 0, static_cast<long>(random() % 8000));
    acknowledged.insert(run.acknowledged.begin(), run.acknowledged.end());
    expect_there(archive, acknowledged);
    if (HasFatalFailure()) return;
    const VerifyResult result = verify(archive, {});
    for (const VerifyFinding& finding : result.findings) {
      // Killed before its first object, an archive has nothing to check.
      const bool nothing_yet = finding.kind == FindingKind::nothing_checked;
      EXPECT_TRUE(!finding.damage || nothing_yet) << finding.where << ": " << finding.what;
    }
    if (run.finished) {
      archive.clear();
      acknowledged.clear();
    } else {
      ++kills;
    }
  }
  if (archive.empty()) return;
  EXPECT_TRUE(run_and_kill(archive, false, -1).finished);
  const Records records = Records::open_reader(archive);
  const BatchCounts counts = records.counts();
  EXPECT_EQ(counts.sources, kFiles);
  EXPECT_EQ(counts.filed, kFiles * kPagesInFile);
  EXPECT_EQ(counts.occurrences, counts.filed + counts.set_aside);
  EXPECT_TRUE(verify(archive, {}).sound());
}

INSTANTIATE_TEST_SUITE_P(Archives, Kill, testing::Bool(), [](const auto& archive) {
  return archive.param ? std::string("encrypted") : std::string("plain");
});

}  // namespace
}  // namespace archive
