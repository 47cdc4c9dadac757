#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace archive {

/// A lock on a file, held until this goes.
class HeldLock {
 public:
  explicit HeldLock(int fd) : fd_(fd) {}
  ~HeldLock();
  HeldLock(HeldLock&& other) noexcept;
  HeldLock& operator=(HeldLock&& other) = delete;

 private:
  int fd_;
};

/// The right to write to an archive: one process, one holder. The system takes it back
/// when the process ends, however it ends, so a kill leaves nothing to clean up.
class WriterLock {
 public:
  /// Waits a moment for somebody's short change; then throws ArchiveError{archive_locked} naming
  /// the process that holds it.
  explicit WriterLock(const std::filesystem::path& archive_folder);

 private:
  HeldLock held_;
};

/// Said by whoever puts objects away beside the writer, as `serve` does: between an object and the
/// record that names it nobody may take it for garbage without a grace.
class BesideLock {
 public:
  /// Many may have it. Waits a moment; then throws ArchiveError{archive_locked}: garbage is being
  /// removed without a grace.
  static BesideLock share(const std::filesystem::path& archive_folder);
  /// Nobody else has it, nor can get it; nothing when somebody has.
  static std::optional<BesideLock> alone(const std::filesystem::path& archive_folder);

 private:
  explicit BesideLock(HeldLock held) : held_(std::move(held)) {}
  HeldLock held_;
};

}  // namespace archive
