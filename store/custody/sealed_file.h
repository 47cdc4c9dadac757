#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/custody/cipher.h"

// A file of a backup (docs/BACKUP_FORMAT.md): a mark, 32 random bytes that make the file's own key
// of the repository's, and the bytes in segments of 1 MiB, each with its place in the file and
// whether it is the last, so that segments can be neither cut off nor swapped. The label, which
// says what the file is and how it is named, is authenticated with every segment.

namespace archive {

constexpr std::size_t kSegmentBytes = std::size_t{1} << 20;

/// Encrypts bytes that come piece by piece. REQUIRES: finish() once, at the end.
class Sealer {
 public:
  using Take = std::function<void(std::span<const std::byte>)>;

  /// What is written goes to `take`.
  Sealer(const Secret& repository_key, std::string label, Take take);
  void add(std::span<const std::byte> bytes);
  void finish();

 private:
  void put_segment(bool last);

  Secret key_;
  std::string label_;
  Take take_;
  std::string pending_;
  std::uint64_t segments_ = 0;
};

/// What keeps a sealed file from being opened.
enum class SealFault {
  none,
  missing,
  unreadable,  ///< the disk or the rights refuse
  broken,      ///< changed, cut off, of another place or another key
};

/// Hands over what was sealed, piece by piece, as it comes: on any fault what was handed over is
/// worthless.
SealFault unseal_file(const std::filesystem::path& file, const Secret& repository_key,
                      std::string_view label,
                      const std::function<void(std::span<const std::byte>)>& take);

}  // namespace archive
