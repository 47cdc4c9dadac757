#include "store/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "core/error.h"
#include "store/objects/disk.h"

namespace archive {
namespace {

constexpr const char* kName = "lock";
constexpr const char* kBesideName = "spool/beside.lock";
constexpr std::chrono::milliseconds kPatience{1500};
constexpr std::chrono::milliseconds kBetweenTries{20};

std::string holder_of(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size() - 1, 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "another process" : "process " + pid;
}

void write_holder(int fd) {
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Only for the message to others; the lock holds without it.
  [[maybe_unused]] const bool written =
      ::ftruncate(fd, 0) == 0 && ::pwrite(fd, pid.data(), pid.size(), 0) > 0;
}

int open_lock(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0) throw_disk_error(file, "opening the lock file", errno);
  return fd;
}

/// False when somebody else holds it for longer than that.
bool lock_within(int fd, int how, std::chrono::milliseconds patience,
                 const std::filesystem::path& file) {
  const auto begun = std::chrono::steady_clock::now();
  while (::flock(fd, how | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw_disk_error(file, "locking", errno);
    if (std::chrono::steady_clock::now() - begun >= patience) return false;
    std::this_thread::sleep_for(kBetweenTries);
  }
  return true;
}

HeldLock hold_to_write(const std::filesystem::path& archive_folder) {
  const std::filesystem::path file = archive_folder / kName;
  const int fd = open_lock(file);
  HeldLock held(fd);
  if (lock_within(fd, LOCK_EX, kPatience, file)) {
    write_holder(fd);
    return held;
  }
  throw ArchiveError(ErrorKind::archive_locked, archive_folder.string(),
                     holder_of(fd) + " is writing to this archive",
                     "wait until it has finished, or stop it; reading and searching go on");
}

}  // namespace

HeldLock::~HeldLock() {
  if (fd_ >= 0) ::close(fd_);
}

HeldLock::HeldLock(HeldLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

WriterLock::WriterLock(const std::filesystem::path& archive_folder)
    : held_(hold_to_write(archive_folder)) {}

BesideLock BesideLock::share(const std::filesystem::path& archive_folder) {
  const std::filesystem::path file = archive_folder / kBesideName;
  const int fd = open_lock(file);
  HeldLock held(fd);
  if (lock_within(fd, LOCK_SH, kPatience, file)) return BesideLock(std::move(held));
  throw ArchiveError(ErrorKind::archive_locked, archive_folder.string(),
                     "garbage is being removed without a grace",
                     "give the same command again when `juanzong gc` has ended");
}

std::optional<BesideLock> BesideLock::alone(const std::filesystem::path& archive_folder) {
  const std::filesystem::path file = archive_folder / kBesideName;
  const int fd = open_lock(file);
  HeldLock held(fd);
  if (!lock_within(fd, LOCK_EX, {}, file)) return std::nullopt;
  return BesideLock(std::move(held));
}

}  // namespace archive
