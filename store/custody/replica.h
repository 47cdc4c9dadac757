#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/custody.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// A second copy of the objects of an archive, in a folder on another disk or medium:
///
///     juanzong.replica   mark: of which archive
///     keys/              of an encrypted archive: the ways into it
///     objects/           as in the archive; `sha256sum` checks it unless they are encrypted
///
/// Records and ledger are not in it: that is what backups are for.
class Replica {
 public:
  /// Marks an empty or missing folder as a replica. Nothing happens when it is one of this archive
  /// already. Throws ArchiveError{usage} when there is anything else in it.
  /// `of`: the folder of the archive; when it is encrypted, so is the replica, by the same keys.
  static void begin(const std::filesystem::path& folder, const std::string& archive,
                    const std::filesystem::path& of = {}, Disk& disk = real_disk());

  /// Throws ArchiveError{archive_missing} when there is no mark (the medium is not in),
  /// {archive_foreign} when it is of another archive.
  Replica(std::filesystem::path folder, const std::string& archive, Disk& disk = real_disk());

  const std::filesystem::path& folder() const { return folder_; }
  /// Brings the ways into an encrypted replica up to date with the archive's.
  void take_keys(const std::filesystem::path& of) const;
  ObjectStore& store() { return *store_; }
  const ObjectStore& store() const { return *store_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<ObjectStore> store_;
};

struct ReplicationOutcome {
  std::int64_t objects = 0;  ///< that the records need
  std::int64_t copied = 0;
  std::int64_t bytes = 0;  ///< of what was copied
  /// Objects that could not be copied, because the archive has no sound ones.
  std::vector<FoundDefect> defects;
  bool complete = true;  ///< false when it was stopped
};

/// Copies what the replica lacks. Each copy is hashed while it is made and has its name only when
/// it is durable and right; what the replica has is not touched. Repeatable after any interruption.
ReplicationOutcome replicate(const Records& records, const ObjectStore& objects, Replica& replica,
                             const std::atomic<bool>* stop,
                             const std::function<void(const ReplicationOutcome&)>& progress = {});

/// Copies an object from one store into another, over a damaged one there. False, and nothing
/// changed, when the bytes that were read are not those of `blob`.
bool copy_object(const BlobId& blob, const ObjectStore& from, ObjectStore& to);

}  // namespace archive
