#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/user.h"

namespace archive {

/// Files that a browser brings piece by piece, until somebody says what page they stand for. In
/// memory alone: what was not used in time is gone, and nothing of it was ever on a disk. From any
/// thread.
class ScanTray {
 public:
  struct Limits {
    std::uint64_t file_bytes_max = std::uint64_t{64} << 20;
    std::uint64_t all_bytes_max = std::uint64_t{256} << 20;
    std::size_t files_of_user_max = 4;
    std::chrono::minutes kept{15};  ///< since the last piece
  };
  explicit ScanTray(Limits limits) : limits_(limits) {}
  ScanTray() : ScanTray(Limits{}) {}

  struct State {
    std::uint64_t size = 0;
    std::uint64_t received = 0;
    bool sound() const { return received == size; }
  };
  /// Begins a file of this size and SHA-256 (64 digits): its name here, random. Nothing when there
  /// is no room for it.
  std::optional<std::string> begin(UserNumber user, const std::string& name, std::uint64_t size,
                                   const std::string& sha256);
  /// Adds a piece at `offset`; one that came before is taken again as it is. Nothing for what is
  /// not there, of another user, or does not fit.
  std::optional<State> add(UserNumber user, std::string_view id, std::uint64_t offset,
                           std::string_view piece);
  struct File {
    std::string name, bytes;
  };
  /// The file, when it is whole and has the hash that was said, and it is gone from here.
  std::optional<File> take(UserNumber user, std::string_view id);

 private:
  using Clock = std::chrono::steady_clock;
  struct Kept {
    UserNumber user = 0;
    std::string name, sha256, bytes;
    std::uint64_t size = 0;
    Clock::time_point used;
  };
  void drop_old();  // REQUIRES: mutex_ is held

  Limits limits_;
  std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> files_;  // guarded by mutex_
};

}  // namespace archive
