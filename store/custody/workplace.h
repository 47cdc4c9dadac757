#pragma once

#include <filesystem>
#include <string_view>

#include "store/archive_folder.h"

namespace archive {

/// A folder of this process in an archive's spool/tmp, which goes with this object. What it holds
/// is as secret as the records. Those of the same purpose whose process is no more go first: a
/// killed backup leaves a copy of the records, a killed drill a whole archive.
class Workplace {
 public:
  /// `purpose` is the beginning of the folder's name. Throws ArchiveError{disk}.
  Workplace(const ArchiveFolder& archive, std::string_view purpose);
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace archive
