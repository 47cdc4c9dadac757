#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "store/objects/disk.h"

namespace archive {

/// A file that is still being written. It disappears with this object unless it was
/// given its lasting name. Every failure throws ArchiveError{disk}.
class TemporaryFile {
 public:
  TemporaryFile(Disk& disk, const std::filesystem::path& folder);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::span<const std::byte> bytes);

  /// Checks that the disk has as many bytes as were written, makes the file read-only
  /// and, when asked, durable. After it nothing more can be written.
  void seal(bool durable);

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size_bytes() const { return size_bytes_; }
  /// The file has its lasting name now.
  void release() { path_.clear(); }

 private:
  Disk& disk_;
  std::filesystem::path path_;
  int fd_ = -1;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace archive
