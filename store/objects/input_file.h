#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>

#include "core/fault.h"
#include "core/result.h"

namespace archive {

/// A file that somebody else may be writing, moving or deleting while it is read.
/// Faults name the system's reason, never the path: names of scans name people.
class InputFile {
 public:
  /// Does not wait on pipes and devices: they are refused.
  static Result<InputFile, PageFault> open(const std::filesystem::path& file,
                                           std::uint64_t bytes_max);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  std::uint64_t size_bytes() const { return static_cast<std::uint64_t>(state_.st_size); }

  /// Hands over every byte once, piece by piece. A fault when the bytes that came are
  /// not those of one unchanged file, or the disk refuses; what was handed over by then
  /// is worthless. Exceptions of `take` pass through.
  std::optional<PageFault> read_all(
      const std::function<void(std::span<const std::byte>)>& take) const;

 private:
  InputFile(int fd, const struct stat& state) : fd_(fd), state_(state) {}

  int fd_;
  struct stat state_;
};

}  // namespace archive
