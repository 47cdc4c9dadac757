#include "store/custody/replica.h"

#include <cerrno>
#include <system_error>

#include "core/error.h"
#include "store/custody/health.h"
#include "store/objects/small_file.h"
#include "store/sealing/keyring.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReplicaMark = "juanzong.replica";
constexpr std::size_t kReplicaMarkMost = 4096;

std::string replica_mark(const std::string& archive) {
  return "juanzong replica 1\narchive " + archive +
         "\nThis folder holds copies of the objects of an archive of Juanzong.\n";
}

void make_replica_folder(Disk& disk, const fs::path& folder) {
  if (disk.make_folder(folder) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
}

}  // namespace

void Replica::begin(const fs::path& folder, const std::string& archive, const fs::path& of,
                    Disk& disk) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw_disk_error(folder, "making a folder", error.value());
  if (fs::exists(folder / kReplicaMark)) {
    Replica(folder, archive, disk);
    return;
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name == "objects" || name == "keys" || name == "lost+found") continue;
    throw ArchiveError(ErrorKind::usage, folder.string(), "the folder is not empty",
                       "name a folder that is empty or does not exist");
  }
  make_replica_folder(disk, folder / "objects");
  if (is_encrypted(of)) {
    share_keys(of, folder, true);
    make_replica_folder(disk, folder / "objects" / "sealed");
  } else {
    make_replica_folder(disk, folder / "objects" / "sha256");
  }
  sync_folder(disk, folder / "objects");
  put_small_file(disk, folder / kReplicaMark, replica_mark(archive), fs::perms(0440));
}

Replica::Replica(fs::path folder, const std::string& archive, Disk& disk)
    : folder_(std::move(folder)) {
  if (!fs::exists(folder_ / kReplicaMark)) {
    throw ArchiveError(ErrorKind::archive_missing, folder_.string(), "there is no replica here",
                       "check the path and that its medium is in and mounted, or begin one with "
                       "`juanzong replicate --begin`");
  }
  if (read_small_file(folder_ / kReplicaMark, kReplicaMarkMost) != replica_mark(archive)) {
    throw ArchiveError(ErrorKind::archive_foreign, folder_.string(),
                       "this is no replica of this archive",
                       "check the path and the medium; each archive has replicas of its own");
  }
  store_ = std::make_unique<ObjectStore>(folder_ / "objects", true, disk);
}

bool copy_object(const BlobId& blob, const ObjectStore& from, ObjectStore& to) {
  if (!from.contains(blob)) return false;
  return to.put_as(blob, [&](const ObjectStore::Take& take) {
    // What was read of a file that failed half-way has another hash.
    [[maybe_unused]] const auto fault = from.read(blob, take);
  });
}

void Replica::take_keys(const fs::path& of) const {
  if (is_encrypted(of) && is_encrypted(folder_)) share_keys(of, folder_, true);
}

ReplicationOutcome replicate(const Records& records, const ObjectStore& objects, Replica& replica,
                             const std::atomic<bool>* stop,
                             const std::function<void(const ReplicationOutcome&)>& progress) {
  ReplicationOutcome outcome;
  replica.store().remove_unfinished();
  for (int part = 0; part < kStoreParts && outcome.complete; ++part) {
    records.for_each_use(part, [&](const BlobId& blob, const ObjectUse&) {
      outcome.complete = stop == nullptr || !*stop;
      if (!outcome.complete) return;
      ++outcome.objects;
      if (replica.store().contains(blob)) return;
      if (copy_object(blob, objects, replica.store())) {
        ++outcome.copied;
        outcome.bytes += static_cast<std::int64_t>(objects.size_of(blob).value_or(0));
      } else {
        // Sound by now, and not when it was copied: a disk that cannot be relied on.
        const auto defect = defect_of(objects.check(blob));
        outcome.defects.push_back({blob, "", defect.value_or(Defect::unreadable), ""});
      }
      if (progress) progress(outcome);
    });
  }
  return outcome;
}

}  // namespace archive
