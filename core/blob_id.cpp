#include "core/blob_id.h"

#include <algorithm>

namespace archive {

std::optional<BlobId> BlobId::parse(std::string_view text) {
  constexpr std::size_t kHexLength = 64;
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kHexLength) {
    return std::nullopt;
  }
  const bool hex = std::ranges::all_of(text.substr(kPrefix.size()), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!hex) return std::nullopt;
  return BlobId(std::string(text));
}

}  // namespace archive
