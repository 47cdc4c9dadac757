#pragma once

#include <string>
#include <string_view>

namespace archive {

/// Bytes in the zlib format (RFC 1950), which PDF calls FlateDecode. By zlib.
std::string flate(std::string_view bytes);

}  // namespace archive
