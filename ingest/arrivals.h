#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

#include "core/page.h"

namespace archive {

/// Files that come into a hot folder and are whole, so that their pictures can be judged before
/// their batch is complete; not those that lay there from the beginning. Only looks, writes
/// nothing. Not thread-safe.
///
/// A file is thought whole when its size and date are the same in two looks and its date lies
/// back by `quiet`; one that changes afterwards is given again. Files outside any sub-folder,
/// and those whose names begin with a dot, are never given.
class Arrivals {
 public:
  Arrivals(std::filesystem::path folder, std::chrono::milliseconds quiet);

  /// In natural order; names are below the hot folder. Empty when the folder is gone.
  std::vector<SourceFile> look();

 private:
  struct Seen {
    std::uintmax_t size = 0;
    std::filesystem::file_time_type date;
    bool given = false;
  };

  std::filesystem::path folder_;
  std::chrono::milliseconds quiet_;
  std::map<std::filesystem::path, Seen> seen_;
};

}  // namespace archive
