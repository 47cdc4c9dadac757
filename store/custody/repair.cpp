#include "store/custody/repair.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "core/error.h"
#include "core/timestamp.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& file) {
  struct stat state {};
  return ::lstat(file.c_str(), &state) == 0;
}

}  // namespace

Repairer::Repairer(const ArchiveFolder& archive, RepairSources sources, Disk& disk)
    : archive_(archive),
      sources_(std::move(sources)),
      disk_(disk),
      objects_(archive.objects(), true, disk) {}

ObjectStore* Repairer::store_of(const std::string& place) {
  if (place.empty()) return &objects_;
  if (sources_.replicas == nullptr) return nullptr;
  for (Replica& replica : *sources_.replicas) {
    if (replica.folder() == place) return &replica.store();
  }
  return nullptr;
}

RepairOutcome Repairer::repair(const CustodyTask& task) {
  const auto blob = BlobId::parse(task.object);
  ObjectStore* target = store_of(task.place);
  if (!blob || target == nullptr) return {};
  if (target->check(*blob) == ObjectHealth::sound) {
    // The right bytes that cannot be read are not to be had anywhere else.
    if (task.defect == name_of(Defect::undecodable)) return {};
    return {true, "found sound", ""};
  }
  if (sources_.disposed.contains(*blob)) return {false, "", "", true};
  // The copy that will be used is found before anything is touched.
  std::vector<std::pair<std::string, const ObjectStore*>> copies;
  std::vector<ObjectStore> opened;
  if (!task.place.empty()) copies.emplace_back("the archive", &objects_);
  if (sources_.replicas != nullptr) {
    for (const Replica& replica : *sources_.replicas) {
      if (replica.folder() == task.place) continue;
      copies.emplace_back(replica.folder().string(), &replica.store());
    }
  }
  opened.reserve(sources_.stores.size());
  for (const fs::path& folder : sources_.stores) {
    opened.emplace_back(folder);
    copies.emplace_back(folder.string(), &opened.back());
  }
  for (const auto& [name, store] : copies) {
    if (store->check(*blob) != ObjectHealth::sound) continue;
    RepairOutcome outcome{false, "copied from " + name, set_aside(task.place, *blob)};
    outcome.repaired = copy_object(*blob, *store, *target);
    if (outcome.repaired) return outcome;
  }
  if (sources_.backup == nullptr || !sources_.backup->has(Item::object, *blob)) return {};
  // A backup is read twice rather than trusted before the damaged bytes are moved.
  if (sources_.backup->get_object(*blob, [](std::span<const std::byte>) {}) != SealFault::none) {
    return {};
  }
  RepairOutcome outcome{false, "copied from the backup " + sources_.backup->mark().repository,
                        set_aside(task.place, *blob)};
  outcome.repaired = copy_from_backup(*blob, *target);
  return outcome;
}

bool Repairer::copy_from_backup(const BlobId& blob, ObjectStore& to) const {
  return to.put_as(blob, [&](const ObjectStore::Take& take) {
    [[maybe_unused]] const SealFault fault = sources_.backup->get_object(blob, take);
  });
}

std::string Repairer::set_aside(const std::string& place, const BlobId& blob) {
  const fs::path file = store_of(place)->path_of(blob);
  if (!is_there(file)) return "";
  // Beside the objects it was one of: a rename does not cross disks.
  const fs::path folder = place.empty() ? archive_.damaged() : fs::path(place) / "damaged";
  if (disk_.make_folder(folder) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
  // By the time, so that what was set aside before stays; in the order it happened.
  std::string when = timestamp_now();
  std::erase_if(when, [](char c) { return c == '-' || c == ':' || c == '+'; });
  const fs::path aside = folder / (std::string(blob.hex()) + "." + when);
  if (disk_.rename_new(file, aside) != 0) {
    throw_disk_error(file, "setting damaged bytes aside", errno);
  }
  sync_folder(disk_, folder);
  sync_folder(disk_, file.parent_path());
  return aside.string();
}

}  // namespace archive
