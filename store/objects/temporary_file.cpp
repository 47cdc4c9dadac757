#include "store/objects/temporary_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include "core/error.h"

namespace archive {
namespace {

constexpr mode_t kReadOnly = 0440;
constexpr int kNamesTried = 1000;

std::string next_name() {
  static std::atomic<std::uint64_t> count{0};
  return std::to_string(::getpid()) + "-" + std::to_string(count++);
}

}  // namespace

TemporaryFile::TemporaryFile(Disk& disk, const std::filesystem::path& folder) : disk_(disk) {
  // A leftover of an earlier process with the same number may have the name.
  for (int i = 0; i < kNamesTried && fd_ < 0; ++i) {
    path_ = folder / next_name();
    fd_ = disk_.create(path_);
    if (fd_ < 0 && errno != EEXIST) throw_disk_error(path_, "making a file", errno);
  }
  if (fd_ < 0) throw_disk_error(folder, "making a file", EEXIST);
}

TemporaryFile::~TemporaryFile() {
  if (fd_ >= 0) disk_.close(fd_);
  if (!path_.empty()) disk_.remove(path_);
}

void TemporaryFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = disk_.write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_disk_error(path_, "writing", errno);
    // No progress and no reason: a disk that behaves so would keep us here for ever.
    if (written == 0) throw_disk_error(path_, "writing", ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    size_bytes_ += static_cast<std::uint64_t>(written);
  }
}

void TemporaryFile::seal(bool durable) {
  struct stat state {};
  if (::fstat(fd_, &state) != 0) throw_disk_error(path_, "asking for the length", errno);
  if (static_cast<std::uint64_t>(state.st_size) != size_bytes_) {
    throw ArchiveError(ErrorKind::disk, path_.string(),
                       "the disk has " + std::to_string(state.st_size) + " bytes of " +
                           std::to_string(size_bytes_) + " written",
                       "check the disk, then run the same command again");
  }
  if (disk_.set_mode(fd_, kReadOnly) != 0) throw_disk_error(path_, "setting the mode", errno);
  if (durable && disk_.sync(fd_) != 0) throw_disk_error(path_, "fsync", errno);
  const int fd = fd_;
  fd_ = -1;
  if (disk_.close(fd) != 0) throw_disk_error(path_, "closing", errno);
}

}  // namespace archive
