#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <functional>
#include <random>
#include <string>

#include "core/timestamp.h"
#include "store/custody/backup.h"
#include "store/verify.h"
#include "tests/store/custody_samples.h"

// Backups, prunings and restores are killed at random moments and given again. What a backup that
// is there names is there, and what is finished in the end is right.

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 30;
constexpr unsigned kSeed = 20261127;

/// Runs it in a process of its own and kills that after so many microseconds; true when it had
/// finished by itself.
bool killed_after(long microseconds, const std::function<void()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      act();
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  const timespec pause{0, microseconds * 1000};
  ::nanosleep(&pause, nullptr);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << "the child gave up by itself";
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(BackupKill, LeavesOnlyWholeBackupsAndTheNextRunGoesOn) {
  KeptArchive archive(40);
  const BackupPlace place(archive);
  std::mt19937 random(kSeed);
  for (int kill = 0; kill < kKills; ++kill) {
    if (kill % 5 == 4) archive.deliver("batch" + std::to_string(kill), 5);
    const bool prune = kill % 3 == 2;
    killed_after(static_cast<long>(random() % 60'000), [&] {
      BackupRepository repository = place.open();
      if (prune) {
        prune_backups(repository, 1, 0, timestamp_now(), false);
      } else {
        back_up(archive.folder(), repository, nullptr);
      }
    });
    BackupRepository repository = place.open();
    const BackupVerification found = verify_backups(repository, {});
    for (const BackupFinding& finding : found.findings) {
      // Killed before its first backup, a repository has none.
      EXPECT_EQ(finding.where, "backups") << finding.kind << " " << finding.what;
    }
  }
  BackupRepository repository = place.open();
  EXPECT_FALSE(back_up(archive.folder(), repository, nullptr).id.empty());
  prune_backups(repository, 1, 0, timestamp_now(), false);
  const BackupVerification found = verify_backups(repository, {});
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.unneeded, 0);
  EXPECT_TRUE(fs::is_empty(place.path / "tmp"));
  EXPECT_TRUE(fs::is_empty(archive.folder().spool() / "tmp"));
}

TEST(BackupKill, ARestoreIsNoArchiveBeforeItsEndAndGoesOn) {
  KeptArchive archive(40);
  const BackupPlace place(archive);
  {
    BackupRepository repository = place.open();
    back_up(archive.folder(), repository, nullptr);
  }
  std::mt19937 random(kSeed);
  int restored = 0;
  fs::path to = archive.beside("restored0");
  for (int kill = 0; kill < kKills; ++kill) {
    killed_after(static_cast<long>(random() % 40'000),
                 [&] { restore_backup(place.open(), "", to, 1, nullptr); });
    if (!ArchiveFolder::is_marked(to)) continue;
    EXPECT_TRUE(verify(to, {}).sound());
    to = archive.beside("restored" + std::to_string(++restored));
  }
  if (!ArchiveFolder::is_marked(to)) {
    restore_backup(place.open(), "", to, 2, nullptr);
  }
  EXPECT_TRUE(verify(to, {}).sound());
  EXPECT_TRUE(Records::open_writer(to).custody_tasks(true).empty());
}

}  // namespace
}  // namespace archive
