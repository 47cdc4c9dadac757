#pragma once

#include <cstddef>
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
  /// By which this process can open it.
  std::filesystem::path path() const;

 private:
  int fd_;
};

}  // namespace archive
