#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/sealing/segments.h"

// A sealed file: a mark, 32 random bytes that make the file's own key of the one for all files, and
// the bytes in segments of 1 MiB, each with its place in the file and whether it is the last, so
// that segments can be neither cut off nor swapped. The label, which says what the file is, is
// authenticated with every segment. Behind them there may be a trailer that can be opened alone.
// docs/BACKUP_FORMAT.md and docs/STORE_FORMAT.md have the bytes.

namespace archive {

constexpr std::size_t kSealHeadBytes = 40;  ///< the mark and the random bytes

/// The length of what is sealed in a file of this length; nothing when no sealed file has it.
std::optional<std::uint64_t> plain_bytes(std::uint64_t file_bytes, std::size_t trailer_bytes);

/// Encrypts bytes that come piece by piece. REQUIRES: finish() once, at the end.
class Sealer {
 public:
  using Take = TakeBytes;

  /// What is written goes to `take`.
  Sealer(const Secret& common_key, std::string label, Take take);
  void add(std::span<const std::byte> bytes) { segments_.add(bytes); }
  void finish(std::string_view trailer = {});

 private:
  Take take_;
  SegmentWriter segments_;
};

/// What keeps a sealed file from being opened.
enum class SealFault {
  none,
  missing,
  unreadable,  ///< the disk or the rights refuse
  broken,      ///< changed, cut off, of another place or another key
};

/// What stands behind the segments.
struct SealTrailer {
  std::size_t size = 0;  ///< how long it is; 0: there is none
  std::string bytes;     ///< what it says
};

/// Hands over what was sealed, piece by piece, as it comes: on any fault what was handed over is
/// worthless.
SealFault unseal_file(const std::filesystem::path& file, const Secret& common_key,
                      std::string_view label,
                      const std::function<void(std::span<const std::byte>)>& take,
                      SealTrailer* trailer = nullptr);

/// Opens the trailer alone. Nothing when there is no such file, or it is broken.
std::optional<std::string> trailer_of(const std::filesystem::path& file, const Secret& common_key,
                                      std::string_view label, std::size_t size);

/// A short text as a sealed file, and back; nothing when it is broken.
std::string sealed_text(const Secret& common_key, std::string_view label, std::string_view text);
std::optional<std::string> unsealed_text(const Secret& common_key, std::string_view label,
                                         std::string_view sealed);

}  // namespace archive
