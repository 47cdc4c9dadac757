#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace archive {

/// A folder in which every sub-folder is a batch that somebody is filling: by a scanner,
/// over a network, by copying. A batch is ready when it holds a file and nothing in it -
/// names, sizes, dates - has changed for the quiet time. Files that lie in the folder
/// itself belong to no batch and are named, so that none waits there unseen.
///
/// Only looks; never moves or deletes what others write. Not thread-safe.
class HotFolder {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  HotFolder(std::filesystem::path folder, std::chrono::milliseconds quiet, Clock clock);

  /// Looks once; call it every so often. Gives each ready batch once; a batch that
  /// changes later is given again when it keeps still again.
  /// Throws ArchiveError{input_missing} when the folder is gone.
  struct Look {
    std::vector<std::filesystem::path> ready;  ///< in natural order
    std::size_t filling = 0;                   ///< batches that still change
    std::vector<std::filesystem::path> loose;  ///< files outside any batch, new since last time
  };
  Look look();

 private:
  /// Names, sizes and dates of everything in a batch; equal prints mean nothing changed.
  struct Print {
    std::uint64_t files = 0;
    std::uint64_t hash = 0;
    friend bool operator==(const Print&, const Print&) = default;
  };
  struct Watched {
    Print print;
    std::chrono::steady_clock::time_point since;
    bool given = false;
  };
  static Print print_of(const std::filesystem::path& batch);

  std::filesystem::path folder_;
  std::chrono::milliseconds quiet_;
  Clock clock_;
  std::map<std::filesystem::path, Watched> batches_;
  std::set<std::filesystem::path> loose_;
};

}  // namespace archive
