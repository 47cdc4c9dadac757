#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// The files of a folder with this extension, in name order. Throws ArchiveError{settings} when
/// the folder cannot be read.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               std::string_view extension);

/// SHA-256 over the names and bytes of the files, in the order given: "<what>-<16 hex digits>".
std::string version_of(std::string_view what, const std::filesystem::path& folder,
                       const std::vector<std::filesystem::path>& files);

}  // namespace archive
