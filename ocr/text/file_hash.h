#pragma once

#include <filesystem>
#include <string>

namespace archive {

/// The SHA-256 of a file as 64 hexadecimal digits, as `sha256sum` prints it.
/// Throws ArchiveError{model_missing} when the file cannot be read.
std::string sha256_of(const std::filesystem::path& file);

}  // namespace archive
