#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/blob_id.h"
#include "core/fault.h"
#include "core/result.h"

namespace archive {

/// Counts a hash while bytes go by. SHA-256 by OpenSSL.
BlobId hash_of(std::span<const std::byte> bytes);
BlobId hash_of(std::string_view bytes);

/// What a look at one stored object found.
enum class ObjectHealth { sound, missing, wrong_bytes, unreadable, empty };

/// Immutable bytes by content, as files:
///
///     objects/sha256/ab/cdef...   the file's name is the hash of its bytes
///     objects/tmp/                unfinished; anything in it may be deleted
///
/// put() returns after the bytes are durable: temporary file, write, length check,
/// fsync, rename, fsync of the folder, read-only mode. A failed fsync is never
/// retried (the second one lies): the object is written anew under another
/// temporary name or ArchiveError{disk} is thrown. An object that is already there
/// is not written again; one of length 0 left by a power cut is replaced.
///
/// All members may be called from any thread at the same time.
class ObjectStore {
 public:
  /// REQUIRES: `folder` exists. Throws ArchiveError{archive_missing} otherwise.
  explicit ObjectStore(std::filesystem::path folder, bool fsync = true);

  BlobId put(std::span<const std::byte> bytes);
  BlobId put(std::string_view bytes);

  /// Copies a file in, reading it once. A fault (not an exception) when the file
  /// vanishes, changes length while it is read, may not be read, or is larger than
  /// `bytes_max`: then nothing was stored.
  struct StoredFile {
    BlobId blob;
    std::uint64_t size_bytes = 0;
    std::string first_bytes;  ///< up to 64, to tell what kind of file it is
  };
  Result<StoredFile, PageFault> put_file(const std::filesystem::path& file,
                                         std::uint64_t bytes_max);

  bool contains(const BlobId& blob) const;
  std::filesystem::path path_of(const BlobId& blob) const;

  /// The bytes, checked against their hash. Throws ArchiveError{damage} when they
  /// do not agree, ArchiveError{not_found} when there is no such object.
  std::string get(const BlobId& blob) const;

  /// Re-reads and re-hashes. Never throws for a damaged object.
  ObjectHealth check(const BlobId& blob) const;

  /// Every file below objects/sha256, in name order. Names that are no hash are
  /// given as `stray` with an empty id.
  void for_each(const std::function<void(const std::optional<BlobId>& blob,
                                         const std::filesystem::path& path)>& visit) const;

  /// Removes leftovers in objects/tmp. Call when no other process writes.
  std::size_t remove_unfinished();

 private:
  std::filesystem::path folder_;
  bool fsync_;
};

}  // namespace archive
