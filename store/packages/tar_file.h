#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// A folder as one stream: POSIX pax (IEEE 1003.1), so that `tar` opens it once it is unsealed.

namespace archive {

/// Writes every file below a folder in the order of their paths. Throws ArchiveError{disk} when one
/// cannot be read or changes meanwhile, and for anything that is no file.
void write_tar(const std::filesystem::path& folder,
               const std::function<void(std::string_view bytes)>& sink);

/// Takes a stream of write_tar() piece by piece into an empty folder.
class TarReader {
 public:
  explicit TarReader(std::filesystem::path folder);
  ~TarReader();
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  /// False when the stream is not of this form, or a path leads out of the folder: nothing more
  /// may be added. Throws ArchiveError{disk}.
  bool add(std::string_view bytes);
  /// True when the end of the archive was there.
  bool ended() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace archive
