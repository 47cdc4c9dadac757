#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace archive {

/// One Zstandard frame with its content size and a checksum: `zstd -d` opens it.
/// The same bytes always give the same frame within one version of the library.
std::string compress(std::string_view bytes);

/// The content of a frame. Throws ArchiveError{damage} when it is no sound frame or
/// announces more than `bytes_max`.
std::string expand(std::string_view frame, std::size_t bytes_max = std::size_t{64} << 20);

}  // namespace archive
