#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace archive {

/// A file that lies in memory alone, for what is encrypted on every disk and must be handed to a
/// program that opens files. Gone with this object. Throws ArchiveError{disk} without memory.
class MemoryFile {
 public:
  MemoryFile();
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  void add(std::span<const std::byte> bytes);
  /// Nobody can change it any more.
  void seal();
  std::uint64_t size_bytes() const { return size_bytes_; }
  /// By which this process can open it.
  std::filesystem::path path() const;

 private:
  int fd_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace archive
