#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/blob_id.h"
#include "core/fault.h"
#include "core/result.h"
#include "store/objects/disk.h"

namespace archive {

class MemoryFile;
class ObjectBytes;
class TemporaryFile;

/// Counts a hash while bytes go by. SHA-256 by OpenSSL.
BlobId hash_of(std::span<const std::byte> bytes);
BlobId hash_of(std::string_view bytes);

/// What a look at one stored object found.
enum class ObjectHealth { sound, missing, wrong_bytes, unreadable, empty };

/// The same with what was seen.
struct ObjectLook {
  ObjectHealth health = ObjectHealth::missing;
  std::uint64_t size_bytes = 0;
  /// The hash of the bytes that are there, when they can be read; of an encrypted archive, when the
  /// key opens them.
  std::optional<BlobId> actual;
  bool writable = false;  ///< the mode lets somebody write, which nobody should
};

/// An object as a file that can be opened by its path: its own, or, of an encrypted archive, one in
/// memory alone, which goes with the last of these.
class ObjectFile {
 public:
  ObjectFile(std::filesystem::path path, std::shared_ptr<const MemoryFile> memory)
      : path_(std::move(path)), memory_(std::move(memory)) {}
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::shared_ptr<const MemoryFile> memory_;
};

/// Immutable bytes by content, as files:
///
///     objects/sha256/ab/cdef...   folder and name together are the hash of the bytes
///     objects/sealed/ab/cdef...   of an encrypted archive: a keyed hash of that hash; the bytes
///                                 are encrypted (store/objects/object_bytes.h)
///     objects/tmp/                unfinished; anything in it may be deleted
///     objects/doomed/             being removed; a kill may leave one there that is still needed
///
/// Whoever asks says the hash of the bytes either way.
///
/// put() returns after the bytes are durable: temporary file, write, length check,
/// read-only mode, fsync, rename, fsync of the folder (and of its parent when it is
/// new). A failed fsync is never retried (the second one lies): the temporary file is
/// thrown away and ArchiveError{disk} thrown. An object that is already there is read
/// and, when sound, not written again; a damaged one, such as the length 0 that a
/// power cut leaves, is replaced by the bytes at hand.
///
/// remove() takes an object away that nothing needs. Whoever puts the same bytes at that moment
/// finds them either there, and then they stay, or gone, and then writes them: an object that is
/// found is touched first, and what was touched lately is not removed.
///
/// All members may be called from any thread at the same time.
class ObjectStore {
 public:
  /// `folder` is the `objects` folder of an archive (ArchiveFolder::objects).
  /// Throws ArchiveError{archive_missing} when it does not exist, and as keys_of() does when the
  /// folder around it is encrypted.
  explicit ObjectStore(std::filesystem::path folder, bool fsync = true, Disk& disk = real_disk());

  BlobId put(std::span<const std::byte> bytes);
  BlobId put(std::string_view bytes);
  using Take = std::function<void(std::span<const std::byte>)>;

  /// Copies a file in, reading it once. A fault (not an exception) when the file is not
  /// there, changes while it is read, may not be read, is no ordinary file, is empty, or
  /// is larger than `bytes_max`: then nothing was stored.
  struct StoredFile {
    BlobId blob;
    std::uint64_t size_bytes = 0;
    std::string first_bytes;  ///< up to 2,048, to tell what kind of file it is
  };
  Result<StoredFile, PageFault> put_file(const std::filesystem::path& file,
                                         std::uint64_t bytes_max);

  /// Keeps the bytes of a known object as they come: `produce` hands them over piece by piece. When
  /// they turn out to be others, nothing is kept and false is returned. Exceptions pass through.
  bool put_as(const BlobId& blob, const std::function<void(const Take& take)>& produce);

  bool contains(const BlobId& blob) const;
  /// Where the object is, or would be. Its bytes are not looked at.
  std::filesystem::path path_of(const BlobId& blob) const;
  /// Its length, nothing when it is not there.
  std::optional<std::uint64_t> size_of(const BlobId& blob) const;
  /// For whoever opens files by their paths. The bytes of a plain archive are not looked at; those
  /// of an encrypted one are opened and checked, and kept in memory while they are among the last
  /// that were asked for: throws as get() does.
  ObjectFile file_of(const BlobId& blob) const;
  /// The same after the bytes were checked against their hash: throws as get() does. What was found
  /// sound is not read again while it is among the few thousand objects asked for last, so that a
  /// file of many pages is read once.
  ObjectFile sound_file_of(const BlobId& blob) const;

  /// Hands over the bytes piece by piece. On a fault what was handed over is worthless; whoever
  /// must know that they are those of the name hashes them.
  std::optional<PageFault> read(const BlobId& blob, const Take& take) const;

  /// The bytes, checked against their hash. Throws ArchiveError{damage} when they
  /// do not agree, ArchiveError{not_found} when there is no such object.
  std::string get(const BlobId& blob) const;

  /// Re-reads and re-hashes. Never throws for a damaged object.
  ObjectHealth check(const BlobId& blob) const { return look(blob).health; }
  bool is_sound(const BlobId& blob) const;  ///< as sound_file_of() checks it
  ObjectLook look(const BlobId& blob) const;

  /// The folder that all objects are in: objects/sha256, or objects/sealed of an encrypted archive.
  std::filesystem::path top() const;
  bool encrypted() const;
  /// Everything below top(), in name order. What has no hash for a name or is
  /// no ordinary file comes with an empty id; so does what the archive's key does not open. Throws
  /// ArchiveError{disk} when a folder cannot be listed.
  using Visit =
      std::function<void(const std::optional<BlobId>& blob, const std::filesystem::path& path)>;
  void for_each(const Visit& visit) const;
  /// The same in parts, for several threads: the entries of top() in name
  /// order, and what lies in one of them.
  std::vector<std::filesystem::path> shards() const;
  void for_each_in(const std::filesystem::path& shard, const Visit& visit) const;

  /// Removes leftovers in objects/tmp, and takes removals back that a kill interrupted: such an
  /// object gets its name again. Call when no other process writes.
  std::size_t remove_unfinished();

  enum class Removal { removed, missing, kept };
  /// Takes the object away unless it was put or found by a put() after `unused_since`; durable when
  /// it returns. Throws ArchiveError{disk}. REQUIRES: no record names it, nor will one but by a
  /// put() to come.
  Removal remove(const BlobId& blob, std::chrono::system_clock::time_point unused_since);

 private:
  struct Shard {
    std::mutex mutex;      // held from rename to fsync: no one believes a name in between
    bool durable = false;  // guarded by mutex; this process has synced the folder's name
  };
  struct Known {
    std::once_flag folders;  // sha256/ and tmp/ are there, and durable
    std::array<Shard, 256> shards;
    std::mutex mutex;
    std::set<BlobId> sound;  // guarded by mutex; bounded
    std::mutex opening;      // held while an encrypted object is opened: only once
    // Guarded by opening; the newest last, bounded.
    std::vector<std::pair<BlobId, std::shared_ptr<const MemoryFile>>> opened;
  };

  Shard& shard_of(const BlobId& blob);
  bool keep_existing(const BlobId& blob);
  bool confirm(const BlobId& blob, Shard& shard);
  void enter(TemporaryFile& file, const BlobId& blob);
  void ensure_folders();
  void ensure_shard(const BlobId& blob, Shard& shard);
  std::shared_ptr<const MemoryFile> open(const BlobId& blob) const;
  std::filesystem::path unfinished_folder() const { return folder_ / "tmp"; }
  std::filesystem::path doomed_folder() const { return folder_ / "doomed"; }
  void bring_back_doomed();

  std::filesystem::path folder_;
  bool fsync_;
  Disk& disk_;
  std::shared_ptr<const ObjectBytes> bytes_;
  std::unique_ptr<Known> known_;
};

}  // namespace archive
