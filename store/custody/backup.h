#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/custody.h"
#include "store/archive_folder.h"
#include "store/custody/backup_manifest.h"
#include "store/custody/backup_repository.h"
#include "store/custody/readable.h"
#include "store/records/records.h"

namespace archive {

/// The file of a backup that has the master key of an encrypted archive; a restore writes it
/// nowhere.
inline constexpr const char* kMasterName = "keys/master";

using BackupProgress = std::function<void(std::int64_t objects, std::int64_t bytes)>;

struct BackupOutcome {
  std::string id;  ///< "" when it was stopped before its end
  BackupManifest manifest;
  std::int64_t copied = 0;        ///< objects that the repository did not have
  std::int64_t copied_bytes = 0;  ///< of them, before encryption
  /// Objects that are in no backup yet and have no sound bytes in the archive. The backup is made
  /// without them and says so.
  std::vector<FoundDefect> defects;
};

/// Makes a backup: the ledger's files, then the records as they are at one moment, then the objects
/// that these records name. In this order it may be made while pages come in. Copies what the
/// repository lacks, and takes what it has by name: verify_backups() reads that.
BackupOutcome back_up(const ArchiveFolder& archive, BackupRepository& repository,
                      const std::atomic<bool>* stop, const BackupProgress& progress = {});

/// Something of a repository that is not as it was written.
struct BackupFinding {
  std::string kind;    ///< "missing", "unreadable", "broken", "undecodable", "key", "unknown"
  std::string object;  ///< BlobId of an object; "" for anything else
  std::string where;   ///< below the repository's folder
  std::string what;
};

struct VerifiedBackup {
  std::string id;
  BackupManifest manifest;  ///< empty when it cannot be read
  bool sound = false;
};

struct BackupVerification {
  std::vector<VerifiedBackup> backups;  ///< oldest first
  std::vector<BackupFinding> findings;
  std::int64_t objects = 0;  ///< that were opened and hashed
  std::int64_t bytes = 0;
  std::int64_t decoded = 0;   ///< sources among them, whose pages were decoded
  std::int64_t unneeded = 0;  ///< files that no backup names
  bool complete = true;       ///< false when it was stopped
  bool sound() const { return findings.empty() && !backups.empty() && objects > 0; }
};

struct BackupCheck {
  int threads = 2;
  ReadSource readable;  ///< nothing: sources are hashed and not decoded
  bool set_aside =
      false;  ///< moves what is broken to `damaged/`, so that the next run copies it anew
  const std::atomic<bool>* stop = nullptr;
  BackupProgress progress;
};

/// Opens and hashes everything in a repository, once however many backups need it, decodes the
/// sources, and goes on after damage so that one run names all of it.
BackupVerification verify_backups(BackupRepository& repository, const BackupCheck& check);

/// Makes an archive again, in a new or empty folder, or where an interrupted restore began one.
/// Everything is hashed while it is written, and durable when the folder gets the mark of an
/// archive. `id` empty: the newest. Throws ArchiveError{not_found} for a backup that is not there,
/// {damage} naming the first thing that is missing or broken; nothing is an archive then.
BackupManifest restore_backup(const BackupRepository& repository, const std::string& id,
                              const std::filesystem::path& folder, int threads,
                              const std::atomic<bool>* stop, const BackupProgress& progress = {});

/// The manifest of a backup. Throws as restore_backup() does.
BackupManifest read_manifest(const BackupRepository& repository, const std::string& id);
/// The same, or nothing when it cannot be read or is not as it was written. Throws
/// ArchiveError{archive_missing} when the medium was pulled out.
std::optional<BackupManifest> manifest_if_whole(const BackupRepository& repository,
                                                const std::string& id);

struct PruneOutcome {
  std::vector<std::string> kept, removed;  ///< ids of backups
  /// Ids of backups that stay because they cannot be read to their end. While there are any, all
  /// data stays as well: nobody knows what they need.
  std::vector<std::string> unreadable;
  std::int64_t files = 0;                  ///< of data that were taken away
  std::int64_t bytes = 0;
};

/// Takes backups away but the newest `keep`, and but those that are younger than `keep_days` where
/// that is not 0; then the data that no backup needs. What cannot be read counts for none of those
/// that are kept.
PruneOutcome prune_backups(BackupRepository& repository, int keep, int keep_days,
                           const std::string& now, bool dry_run);

}  // namespace archive
