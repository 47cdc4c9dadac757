#pragma once

#include <filesystem>

namespace archive {

/// The right to write to an archive: one process, one holder. The system takes it back
/// when the process ends, however it ends, so a kill leaves nothing to clean up.
class WriterLock {
 public:
  /// Waits a moment for somebody's short change; then throws ArchiveError{archive_locked} naming
  /// the process that holds it.
  explicit WriterLock(const std::filesystem::path& archive_folder);
  ~WriterLock();
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) = delete;

 private:
  int fd_;
};

}  // namespace archive
