#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "store/sealing/keyring.h"

namespace archive {

/// An archive on disk: where its parts lie (docs/STORE_FORMAT.md).
///
///     juanzong.format   what this folder is, and which version
///     juanzong.toml     settings
///     objects/          immutable bytes by content
///     records.sqlite    records
///     ledger/           signed heads of the ledger, its keys
///     keys/             of an encrypted archive: the ways into it (store/sealing/keyring.h)
///     index/            full-text index; can be made again
///     inbox/ spool/     the hot folder, and work that is not finished
///     damaged/          bytes that were found damaged and replaced, for whoever asks why
///     lock              held by the process that writes
class ArchiveFolder {
 public:
  /// The layouts that this program writes. Programs refuse archives with a higher one than they
  /// know, so that one that knows nothing of encryption leaves encrypted ones alone.
  static constexpr int kVersion = 1;
  static constexpr int kVersionEncrypted = 2;

  /// Makes a new archive with empty records, durable when it returns. `folder` may be
  /// missing or empty, or what an interrupted create() left. Throws ArchiveError{usage}
  /// when there is an archive or anything else in it.
  static ArchiveFolder create(const std::filesystem::path& folder, std::string_view settings_text);
  /// The same, encrypted. `recovery` gets the recovery key, which is kept nowhere else.
  static ArchiveFolder create_encrypted(const std::filesystem::path& folder,
                                        std::string_view settings_text, const KeySource& source,
                                        std::string& recovery);

  /// Throws ArchiveError{archive_missing} when nothing marks the folder as an archive,
  /// {archive_foreign} when the mark is of another program or a newer version.
  static ArchiveFolder open(const std::filesystem::path& folder);

  /// Whether the mark is, to the last byte, what create() writes.
  bool mark_is_whole() const;
  /// For a restore: the folders of a new archive, and later the mark that says all is there.
  static ArchiveFolder unmarked(const std::filesystem::path& folder, bool encrypted);
  void mark() const;
  /// The first line and the words below it that mark an archive.
  static bool is_marked(const std::filesystem::path& folder);

  /// Whether objects and records lie encrypted.
  bool encrypted() const { return is_encrypted(path_); }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path settings_file() const { return path_ / "juanzong.toml"; }
  std::filesystem::path objects() const { return path_ / "objects"; }
  std::filesystem::path ledger() const { return path_ / "ledger"; }
  std::filesystem::path index() const { return path_ / "index"; }
  /// Where the index lies by the settings ([store] index_folder): there in a folder of its own, for
  /// several archives may be told the same place.
  std::filesystem::path index(const std::filesystem::path& elsewhere) const;
  std::filesystem::path inbox() const { return path_ / "inbox"; }
  std::filesystem::path spool() const { return path_ / "spool"; }
  /// A folder for plain bytes of this archive that other programs need as files for a while: the
  /// spool, or, of an encrypted archive, one in memory alone (/dev/shm) that is made when missing.
  /// Throws ArchiveError{disk} when there is none.
  std::filesystem::path workplace() const;
  std::filesystem::path damaged() const { return path_ / "damaged"; }

 private:
  static ArchiveFolder fill(const std::filesystem::path& absolute, std::string_view settings_text,
                            bool encrypted);
  explicit ArchiveFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

/// Bytes that a process may still write on the disk of this folder.
/// Throws ArchiveError{disk} when the system does not say.
std::uint64_t free_bytes(const std::filesystem::path& folder);

/// Throws ArchiveError{disk} when fewer than `bytes_min` are free, before any is written.
void require_free_space(const std::filesystem::path& folder, std::uint64_t bytes_min);

}  // namespace archive
