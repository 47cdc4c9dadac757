#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace archive {

/// Every file below a folder, by its path there with '/' between parts.
struct BagListing {
  std::map<std::string, std::uint64_t> files;  ///< with sizes in bytes
  std::vector<std::string> links;              ///< and special files; not followed
  std::vector<std::string> unreadable;         ///< folders
  bool too_many = false;
};

/// Throws ArchiveError{input_missing} when there is no such folder.
BagListing list_bag(const std::filesystem::path& folder, std::uint64_t files_max);

}  // namespace archive
