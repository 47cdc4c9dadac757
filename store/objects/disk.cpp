#include "store/objects/disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "core/error.h"

namespace archive {
namespace {

constexpr mode_t kFolderMode = 0750;

struct Advice {
  int error;
  const char* what;
  const char* what_to_do;
};

constexpr const char* kGoesOn = "; then run the same command again, it goes on where it stopped";

constexpr std::array kAdvice = {
    Advice{ENOSPC, "no space is left on the disk", "free some space"},
    Advice{EDQUOT, "the disk quota is used up", "free some space or raise the quota"},
    Advice{EFBIG, "the file would be larger than allowed", "raise the file-size limit (ulimit -f)"},
    Advice{EIO, "the disk reports an input/output error",
           "check the disk (dmesg, smartctl) and its cables, replace it if need be, and run "
           "`juanzong verify`"},
    Advice{EROFS, "the disk is mounted read-only",
           "find out why (a failing disk is switched to read-only), mount it for writing"},
    Advice{EACCES, "permission denied", "give the user who runs juanzong the right to write there"},
    Advice{EPERM, "not permitted", "give the user who runs juanzong the right to write there"},
    Advice{EMFILE, "too many files are open", "raise the limit of open files (ulimit -n)"},
    Advice{ENFILE, "too many files are open", "raise the limit of open files of the system"},
    Advice{ENOENT, "a folder of the archive is gone",
           "check that the disk is mounted and the archive folder complete"},
};

std::string message_of(int error) {
  std::array<char, 128> text{};
  return strerror_r(error, text.data(), text.size());
}

}  // namespace

int Disk::create(const std::filesystem::path& file) {
  return ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

int Disk::open_append(const std::filesystem::path& file) {
  return ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0640);
}

ssize_t Disk::write(int fd, const std::byte* bytes, std::size_t size) {
  return ::write(fd, bytes, size);
}

int Disk::set_mode(int fd, mode_t mode) { return ::fchmod(fd, mode); }

int Disk::sync(int fd) { return ::fsync(fd); }

int Disk::close(int fd) { return ::close(fd); }

int Disk::rename_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  // A file system without that flag: a second name, which is never given over an
  // existing one, and then the first is taken away.
  if (::link(from.c_str(), to.c_str()) != 0) return -1;
  return ::unlink(from.c_str());
}

int Disk::rename_over(const std::filesystem::path& from, const std::filesystem::path& to) {
  return ::rename(from.c_str(), to.c_str());
}

int Disk::make_folder(const std::filesystem::path& folder) {
  return ::mkdir(folder.c_str(), kFolderMode);
}

int Disk::remove(const std::filesystem::path& file) { return ::unlink(file.c_str()); }

int Disk::touch(const std::filesystem::path& file) {
  return ::utimensat(AT_FDCWD, file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

int Disk::open_folder(const std::filesystem::path& folder) {
  return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

Disk& real_disk() {
  static Disk disk;
  return disk;
}

void throw_disk_error(const std::filesystem::path& where, std::string_view doing, int error) {
  for (const Advice& advice : kAdvice) {
    if (advice.error != error) continue;
    throw ArchiveError(ErrorKind::disk, where.string(),
                       std::string(doing) + " failed: " + advice.what,
                       std::string(advice.what_to_do) + kGoesOn);
  }
  throw ArchiveError(ErrorKind::disk, where.string(),
                     std::string(doing) + " failed: " + message_of(error),
                     std::string("check the disk and the rights on the folder") + kGoesOn);
}

namespace {

void sync_opened(Disk& disk, int fd, const std::filesystem::path& path, std::string_view what) {
  const bool synced = disk.sync(fd) == 0;
  const int error = errno;
  disk.close(fd);
  if (!synced) throw_disk_error(path, what, error);
}

}  // namespace

void sync_folder(Disk& disk, const std::filesystem::path& folder) {
  const int fd = disk.open_folder(folder);
  if (fd < 0) throw_disk_error(folder, "opening the folder", errno);
  sync_opened(disk, fd, folder, "fsync of the folder");
}

void sync_file(Disk& disk, const std::filesystem::path& file) {
  const int fd = disk.open_append(file);
  if (fd < 0) throw_disk_error(file, "opening the file", errno);
  sync_opened(disk, fd, file, "fsync of the file");
}

}  // namespace archive
