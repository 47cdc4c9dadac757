#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "store/objects/disk.h"

namespace archive {

/// A file that has its name only when all of it is on the disk; one of that name is replaced.
/// Throws ArchiveError{disk}.
void put_small_file(Disk& disk, const std::filesystem::path& file, std::string_view text,
                    std::filesystem::perms mode);

/// All bytes, at most `bytes_max`; empty when it cannot be read.
std::string read_small_file(const std::filesystem::path& file, std::size_t bytes_max);

}  // namespace archive
