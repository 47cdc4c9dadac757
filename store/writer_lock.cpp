#include "store/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "core/error.h"
#include "store/objects/disk.h"

namespace archive {
namespace {

constexpr const char* kName = "lock";
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

}  // namespace

WriterLock::WriterLock(const std::filesystem::path& archive_folder) : fd_(-1) {
  const std::filesystem::path file = archive_folder / kName;
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd_ < 0) throw_disk_error(file, "opening the lock file", errno);
  const auto begun = std::chrono::steady_clock::now();
  int error = 0;
  while (true) {
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) {
      write_holder(fd_);
      return;
    }
    error = errno;
    if (error != EWOULDBLOCK || std::chrono::steady_clock::now() - begun > kPatience) break;
    std::this_thread::sleep_for(kBetweenTries);
  }
  const std::string holder = holder_of(fd_);
  ::close(fd_);
  if (error != EWOULDBLOCK) throw_disk_error(file, "locking", error);
  throw ArchiveError(ErrorKind::archive_locked, archive_folder.string(),
                     holder + " is writing to this archive",
                     "wait until it has finished, or stop it; reading and searching go on");
}

WriterLock::~WriterLock() {
  if (fd_ >= 0) ::close(fd_);
}

WriterLock::WriterLock(WriterLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }

}  // namespace archive
