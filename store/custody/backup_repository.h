#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/blob_id.h"
#include "store/objects/disk.h"
#include "store/sealing/cipher.h"
#include "store/sealing/key_slots.h"
#include "store/sealing/sealed_file.h"
#include "store/writer_lock.h"

namespace archive {

/// What a repository keeps by content.
enum class Item {
  object,  ///< the bytes of an object of the archive
  piece,   ///< a part of another file, or a list, as one Zstandard frame
};

/// A place for backups: a folder, on a removable medium or not (docs/BACKUP_FORMAT.md).
///
///     juanzong.backup    mark: which repository, of which archive, on which medium
///     keys/              the master key under each way in
///     data/ab/cdef...    objects and pieces, encrypted; the names are HMACs of their hashes
///     backups/<id>       one backup: what files it has and of which pieces, which objects
///     tmp/               unfinished; anything in it may be deleted
///     lock               held by the process that writes
///
/// A file in data/ has its name only when all of it is on the disk, and a backup is written after
/// everything it names; so a kill leaves at most what nobody names, and the next run uses it.
/// Failures of the disk throw ArchiveError{disk}.
class BackupRepository {
 public:
  struct Mark {
    std::string repository;  ///< 16 random hexadecimal digits
    std::string archive;     ///< Records::archive_id()
    std::string medium;      ///< id of the registered medium; "" for none
  };

  /// Makes a repository in an empty or missing folder and returns its recovery key, which is kept
  /// nowhere else. Throws ArchiveError{usage} when there is anything in it.
  static std::string begin(const std::filesystem::path& folder, const std::string& archive,
                           const std::string& medium, const KeySource& source,
                           Disk& disk = real_disk());

  /// Throws ArchiveError{archive_missing} when there is no repository (the medium is not in),
  /// {archive_foreign} for a newer one or something else, {wrong_key}, {damage} for a mark that
  /// was changed.
  BackupRepository(std::filesystem::path folder, const KeySource& source, Disk& disk = real_disk());

  const std::filesystem::path& folder() const { return folder_; }
  const Mark& mark() const { return mark_; }
  KeySlots keys() const { return KeySlots(folder_ / "keys", KeyOwner::backup, mark_.repository); }
  const Secret& master() const { return master_; }

  /// Throws ArchiveError{archive_missing} when the medium was pulled out: then nothing that is
  /// missing is missing.
  void require_present() const;

  /// The right to write. Throws ArchiveError{archive_locked} when another process has it, or when
  /// the medium cannot be written to {disk}.
  WriterLock lock() const { return WriterLock(folder_); }
  /// Makes the folders that are missing and takes away what is unfinished. REQUIRES: lock().
  void prepare();

  using Take = std::function<void(std::span<const std::byte>)>;

  bool has(Item item, const BlobId& blob) const;
  /// Where it is, or would be, below folder().
  std::filesystem::path place_of(Item item, const BlobId& blob) const;
  /// Keeps an object as its bytes come. False, and nothing kept, when they are not those of `blob`.
  bool put_object(const BlobId& blob, const std::function<void(const Take& take)>& produce);
  /// Keeps a piece and returns its name: the hash of the bytes before compression.
  BlobId put_piece(std::string_view bytes);
  /// Hands over the bytes and checks them against the hash.
  SealFault get_object(const BlobId& blob, const Take& take) const;
  SealFault get_piece(const BlobId& blob, std::string& bytes) const;
  /// Makes all names that were given durable. A backup is put after it.
  void settle();

  /// Ids of the backups, oldest first.
  std::vector<std::string> backups() const;
  std::filesystem::path place_of_backup(const std::string& id) const;
  /// Ids of those that were broken and are given up: verify_backups() moved them to `damaged/`.
  std::vector<std::string> backups_set_aside() const;
  void put_backup(const std::string& id, std::string_view text);
  SealFault get_backup(const std::string& id, std::string& text) const;
  void remove_backup(const std::string& id);

  /// The folders of data/, and the files in one of them, by name.
  std::vector<std::filesystem::path> data_folders() const;
  void remove_data(const std::filesystem::path& file);

 private:
  std::string name_of(Item item, const BlobId& blob) const;
  void enter(Item item, const BlobId& blob, const std::function<void(const Take& take)>& produce,
             bool* right);

  std::filesystem::path folder_;
  Disk& disk_;
  Mark mark_;
  Secret master_;
  Secret names_;
  Secret bytes_;
};

}  // namespace archive
