#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"
#include "store/verify.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

// A real disk that is really full, and a real limit on the length of files. Each story
// runs in a process of its own, whose mounts and limits end with it.

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr int kSkipped = 77;

/// Runs a story in a child. Returns what it printed as failures; `kSkipped` by exit code.
int run_apart(const std::function<int()>& story) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = story();
    } catch (const std::exception& error) {
      fprintf(stderr, "the story ended with: %s\n", error.what());
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Incompressible, so that no file system saves room.
std::string scan(int n, std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(n));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

/// In a user namespace of our own nobody is anybody until it is written down.
bool become_root_of_a_namespace() {
  const std::string user = "0 " + std::to_string(::geteuid()) + " 1";
  const std::string group = "0 " + std::to_string(::getegid()) + " 1";
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  write_file("/proc/self/uid_map", user);
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/gid_map", group);
  return ::geteuid() == 0;
}

/// Mounts a small disk for this process alone. False when the system does not let us.
bool mount_small_disk(const fs::path& place) {
  if (::unshare(CLONE_NEWNS) != 0 && !become_root_of_a_namespace()) return false;
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=16m") == 0;
}

struct Filing {
  int filed = 0;
  int refused = 0;
  bool sick = false;  ///< an error that was not "the disk"
};

/// Files pages `from` to `to`, going on after each refusal, as a person would who
/// starts the program again and again.
Filing file_pages(const fs::path& archive, int from, int to) {
  Filing filing;
  for (int i = from; i < to; ++i) {
    try {
      ObjectStore store(archive / "objects");
      Records records = Records::open_writer(archive);
      store.remove_unfinished();
      const BatchNumber batch = records.open_batch("b", "b", {}).number;
      SourceRecord file = source(batch, std::to_string(i), "", 1, i);
      file.blob = store.put(scan(i, 40'000));
      file = records.add_source(file);
      records.put_page(full_page(file, 0));
      ++filing.filed;
    } catch (const ArchiveError& error) {
      ++filing.refused;
      const bool explained = error.kind() == ErrorKind::disk && !error.what_to_do().empty();
      if (!explained) fprintf(stderr, "unexpected: %s\n", error.what());
      filing.sick = filing.sick || !explained;
    }
  }
  return filing;
}

int damage_but_for_missing_derivatives(const fs::path& archive) {
  int damage = 0;
  for (const VerifyFinding& finding : verify(archive, {}).findings) {
    // full_page() names derivatives that this test never stores.
    const bool derivative =
        finding.object == hash_of("layout").text() || finding.object == hash_of("alto").text();
    if (!finding.damage || derivative) continue;
    fprintf(stderr, "damage: %s: %s\n", finding.where.c_str(), finding.what.c_str());
    ++damage;
  }
  return damage;
}

#define REQUIRE_OR_RETURN(condition)                        \
  if (!(condition)) {                                       \
    fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
    return 1;                                               \
  }

int fill_free_and_go_on(const fs::path& place) {
  if (!mount_small_disk(place)) return kSkipped;
  const fs::path archive = place / "archive";
  ArchiveFolder::create(archive, "");
  write_file(place / "ballast", std::string(8 << 20, 'b'));
  constexpr int kPages = 300;  // 12 MB of scans where 8 MB are left
  const Filing full = file_pages(archive, 0, kPages);
  REQUIRE_OR_RETURN(full.filed > 50);
  REQUIRE_OR_RETURN(full.refused > 20);
  REQUIRE_OR_RETURN(!full.sick);
  {
    const Records records = Records::open_reader(archive);
    REQUIRE_OR_RETURN(records.counts().filed == full.filed);
  }
  REQUIRE_OR_RETURN(damage_but_for_missing_derivatives(archive) == 0);

  fs::remove(place / "ballast");
  const Filing again = file_pages(archive, 0, kPages);
  REQUIRE_OR_RETURN(again.refused == 0);
  const Records records = Records::open_reader(archive);
  REQUIRE_OR_RETURN(records.counts().filed == kPages);
  REQUIRE_OR_RETURN(records.counts().sources == kPages);
  REQUIRE_OR_RETURN(damage_but_for_missing_derivatives(archive) == 0);
  return 0;
}

TEST(FullDisk, RefusesCleanlyAndGoesOnWhenThereIsRoom) {
  const TemporaryFolder folder;
  const int code = run_apart([&folder] { return fill_free_and_go_on(folder.path()); });
  if (code == kSkipped) GTEST_SKIP() << "this system does not let a test mount a small disk";
  EXPECT_EQ(code, 0);
}

int limit_file_length(const fs::path& place) {
  const fs::path archive = place / "archive";
  ArchiveFolder::create(archive, "");
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{100'000, 100'000};
  REQUIRE_OR_RETURN(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  ObjectStore store(archive / "objects");
  const BlobId small = store.put(scan(1, 90'000));
  try {
    store.put(scan(2, 110'000));
    return 1;
  } catch (const ArchiveError& error) {
    REQUIRE_OR_RETURN(error.kind() == ErrorKind::disk);
    REQUIRE_OR_RETURN(error.problem().find("larger than allowed") != std::string::npos);
  }
  REQUIRE_OR_RETURN(store.check(small) == ObjectHealth::sound);
  REQUIRE_OR_RETURN(!store.contains(hash_of(scan(2, 110'000))));
  REQUIRE_OR_RETURN(store.remove_unfinished() == 0);

  // The write-ahead log soon meets the limit too.
  const Filing filing = file_pages(archive, 0, 60);
  REQUIRE_OR_RETURN(filing.refused > 0);
  REQUIRE_OR_RETURN(!filing.sick);
  REQUIRE_OR_RETURN(Records::open_reader(archive).counts().filed == filing.filed);
  return 0;
}

TEST(LimitedFiles, AreRefusedWhole) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_apart([&folder] { return limit_file_length(folder.path()); }), 0);
}

}  // namespace
}  // namespace archive
