#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/custody.h"
#include "store/archive_folder.h"
#include "store/custody/backup_repository.h"
#include "store/custody/replica.h"
#include "store/objects/object_store.h"

namespace archive {

/// Where sound copies may be.
struct RepairSources {
  const ObjectStore* archive = nullptr;  ///< for what is damaged in a replica
  std::vector<Replica>* replicas = nullptr;
  std::vector<std::filesystem::path> stores;  ///< further object stores: `objects` of a copy
  const BackupRepository* backup = nullptr;
  std::set<BlobId> disposed;  ///< Disposal::objects_gone(): never brought back
};

/// How one defect ended.
struct RepairOutcome {
  bool repaired = false;
  std::string method;  ///< where the bytes came from; "found sound" when nothing was to do
  std::string aside;   ///< where the damaged bytes are now; "" when there were none
  bool disposed = false;  ///< left alone because it was disposed of
};

/// Makes an object of the archive, or of a replica, sound again from a copy with the right hash.
/// The damaged bytes are kept in a folder `damaged/` of the archive or the replica. Nothing is
/// changed when no copy is sound: bytes are never made up. May be interrupted and repeated at any
/// point.
class Repairer {
 public:
  Repairer(const ArchiveFolder& archive, RepairSources sources, Disk& disk = real_disk());

  RepairOutcome repair(const CustodyTask& task);

 private:
  ObjectStore* store_of(const std::string& place);
  std::string set_aside(const std::string& place, const BlobId& blob);
  bool copy_from_backup(const BlobId& blob, ObjectStore& to) const;

  ArchiveFolder archive_;
  RepairSources sources_;
  Disk& disk_;
  ObjectStore objects_;
};

}  // namespace archive
