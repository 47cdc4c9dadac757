#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "config/table_path.h"

namespace archive {

/// Which administrative divisions there are or were (GB/T 2260), as far as an office lists them:
/// config/checks/regions.csv. Immutable after loading.
class RegionCodes {
 public:
  /// Throws ArchiveError{settings} with file and line: a code that is not two to six digits.
  static RegionCodes load(const TablePath& config_folder);

  /// True when a code of the table is the number's beginning: provinces alone, as shipped, or
  /// every county that ever was, where an office lists them.
  bool knows(std::string_view six_digits) const;

 private:
  std::set<std::string, std::less<>> codes_;
};

}  // namespace archive
