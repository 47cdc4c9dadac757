#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace archive {

/// The system calls that put bytes on a disk, each as POSIX has it: a negative result
/// and errno on failure. They stand behind an interface for one reason only: a test
/// must be able to make any of them fail, or to forget what was not synced.
class Disk {
 public:
  virtual ~Disk() = default;

  /// Makes a new file for writing (mode 0600); EEXIST when the name is taken.
  virtual int create(const std::filesystem::path& file);
  /// Opens a file to write at its end, made when it is missing (mode 0640).
  virtual int open_append(const std::filesystem::path& file);
  virtual ssize_t write(int fd, const std::byte* bytes, std::size_t size);
  virtual int set_mode(int fd, mode_t mode);
  /// fsync of a file or an open folder.
  virtual int sync(int fd);
  virtual int close(int fd);
  /// EEXIST when `to` is there; nothing is overwritten.
  virtual int rename_new(const std::filesystem::path& from, const std::filesystem::path& to);
  virtual int rename_over(const std::filesystem::path& from, const std::filesystem::path& to);
  virtual int make_folder(const std::filesystem::path& folder);
  virtual int remove(const std::filesystem::path& file);
  /// Sets the time of the last change to now.
  virtual int touch(const std::filesystem::path& file);
  /// Opens a folder, so that it can be synced.
  virtual int open_folder(const std::filesystem::path& folder);
};

/// The disk itself. Lives as long as the program.
Disk& real_disk();

/// Throws ArchiveError{disk} for an errno, with advice that fits it.
[[noreturn]] void throw_disk_error(const std::filesystem::path& where, std::string_view doing,
                                   int error);

/// fsync of a folder, so that the names in it last. Throws ArchiveError{disk}.
/// Never called twice for one change: after a failed fsync the second one lies.
void sync_folder(Disk& disk, const std::filesystem::path& folder);

/// fsync of a file that another program or a library wrote. As sync_folder otherwise.
void sync_file(Disk& disk, const std::filesystem::path& file);

}  // namespace archive
