#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>
#include <mutex>

#include "core/error.h"
#include "store/custody/backup.h"
#include "store/sealing/memory_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

struct FaultWords {
  const char* kind;
  const char* what;
};

FaultWords words_of(SealFault fault) {
  switch (fault) {
    case SealFault::missing:
      return {"missing", "is gone"};
    case SealFault::unreadable:
      return {"unreadable", "cannot be read to its end"};
    case SealFault::broken:
    case SealFault::none:
      break;
  }
  return {"broken", "is not as it was written"};
}

class Verifier {
 public:
  Verifier(BackupRepository& repository, const BackupCheck& check)
      : repository_(repository), check_(check) {}

  BackupVerification run() {
    check_keys();
    read_manifests();
    check_files();
    for (int part = 0; part < kStoreParts && !stopped(); ++part) check_part(part);
    result_.complete = !stopped();
    if (result_.complete) look_beside();
    if (result_.backups.empty()) {
      add({"missing", "", "backups", "there is no backup in this repository"});
    }
    return std::move(result_);
  }

 private:
  /// An object with the backups that need it, by their place in result_.backups.
  struct Needed {
    ObjectUse use;
    std::vector<std::size_t> backups;
  };

  bool stopped() const { return check_.stop != nullptr && *check_.stop; }

  void add(BackupFinding finding) { result_.findings.push_back(std::move(finding)); }

  // One way in is enough to be here, and too few for the day when it is lost.
  void check_keys() {
    const KeySlots keys = repository_.keys();
    for (const std::string& slot : keys.damaged(repository_.master())) {
      add({"key", "", "keys/" + slot, "is not as it was written"});
    }
    const std::vector<KeySlots::WayIn> ways = keys.ways_in();
    const auto recovery = std::ranges::count(ways, "recovery", &KeySlots::WayIn::kind);
    if (recovery == 0) {
      add({"key", "", "keys", "no recovery key opens it: `juanzong backup rekey --new-recovery`"});
    }
    if (recovery == std::ssize(ways)) {
      add({"key", "", "keys", "neither key file nor passphrase opens it: `juanzong backup rekey`"});
    }
  }

  void add_fault(SealFault fault, const std::string& object, const fs::path& place,
                 const std::string& of) {
    if (fault != SealFault::broken) repository_.require_present();
    const FaultWords words = words_of(fault);
    add({words.kind, object, place.string(), of + words.what});
    // A name that nothing answers to is nothing to move.
    if (check_.set_aside && fault == SealFault::broken) set_aside(place);
  }

  void set_aside(const fs::path& place) {
    const fs::path folder = repository_.folder() / "damaged";
    fs::create_directories(folder);
    const std::string name = place.parent_path().filename().string() + place.filename().string();
    const fs::path from = repository_.folder() / place;
    if (real_disk().rename_over(from, folder / name) != 0) {
      throw_disk_error(from, "setting a broken file aside", errno);
    }
    sync_folder(real_disk(), folder);
    sync_folder(real_disk(), from.parent_path());
  }

  void read_manifests() {
    for (const std::string& id : repository_.backups()) {
      VerifiedBackup backup{id, {}, false};
      std::string text;
      const SealFault fault = repository_.get_backup(id, text);
      std::optional<BackupManifest> manifest;
      if (fault == SealFault::none) manifest = parse_manifest(text);
      if (manifest) {
        backup.manifest = std::move(*manifest);
        backup.sound = true;
      } else {
        add_fault(fault == SealFault::none ? SealFault::broken : fault, "",
                  repository_.place_of_backup(id), "");
      }
      result_.backups.push_back(std::move(backup));
    }
  }

  // Records, ledger, settings: each piece once, in how many backups it may be.
  void check_files() {
    std::map<BlobId, bool> seen;
    for (VerifiedBackup& backup : result_.backups) {
      for (const BackedUpFile& file : backup.manifest.files) {
        for (const BlobId& piece : file.pieces) {
          if (stopped()) return;
          const auto [place, is_new] = seen.try_emplace(piece, true);
          if (is_new) {
            std::string bytes;
            const SealFault fault = repository_.get_piece(piece, bytes);
            place->second = fault == SealFault::none;
            result_.bytes += static_cast<std::int64_t>(bytes.size());
            count_file(fault);
            if (!place->second) {
              add_fault(fault, "", repository_.place_of(Item::piece, piece),
                        "a piece of " + file.name + " ");
            }
          }
          backup.sound = backup.sound && place->second;
        }
      }
    }
  }

  void check_part(int part) {
    std::map<BlobId, Needed> needed;
    std::map<BlobId, std::vector<BackedUpObject>> lists;
    for (std::size_t i = 0; i < result_.backups.size(); ++i) {
      for (const BackedUpList& list : result_.backups[i].manifest.lists) {
        if (list.part != part) continue;
        if (!lists.contains(*list.piece)) lists[*list.piece] = read_list(list, i);
        if (lists[*list.piece].empty()) result_.backups[i].sound = false;
        for (const BackedUpObject& object : lists[*list.piece]) {
          if (object.lacking && !repository_.has(Item::object, object.blob)) {
            add({"missing", object.blob.text(),
                 repository_.place_of(Item::object, object.blob).string(),
                 "could not be read when backup " + result_.backups[i].id + " was made"});
            result_.backups[i].sound = false;
            continue;
          }
          Needed& entry = needed[object.blob];
          entry.use = object.use;
          entry.backups.push_back(i);
        }
      }
    }
    std::vector<std::pair<const BlobId*, const Needed*>> work;
    for (const auto& [blob, entry] : needed) work.emplace_back(&blob, &entry);
    share_work(work.size(), check_.threads, check_.stop,
               [&](std::size_t i) { check_object(*work[i].first, *work[i].second); });
  }

  std::vector<BackedUpObject> read_list(const BackedUpList& list, std::size_t backup) {
    std::string text;
    SealFault fault = repository_.get_piece(*list.piece, text);
    count_file(fault);
    if (fault == SealFault::none) {
      auto objects = parse_list(text);
      if (objects && static_cast<std::int64_t>(objects->size()) == list.objects) return *objects;
      fault = SealFault::broken;
    }
    add_fault(fault, "", repository_.place_of(Item::piece, *list.piece),
              "the list of objects of backup " + result_.backups[backup].id + " ");
    return {};
  }

  void check_object(const BlobId& blob, const Needed& needed) {
    const bool decode = !needed.use.pages.empty() && check_.readable;
    const bool expand = is_derivative(needed.use);
    std::optional<MemoryFile> picture;
    if (decode) picture.emplace();
    std::string bytes;
    std::int64_t size = 0;
    const SealFault fault = repository_.get_object(blob, [&](std::span<const std::byte> piece) {
      size += static_cast<std::int64_t>(piece.size());
      if (picture) picture->add(piece);
      if (expand) bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    std::optional<std::string> unreadable;
    if (fault == SealFault::none) {
      if (decode) unreadable = check_.readable(picture->path(), needed.use);
      if (expand) unreadable = derivative_fault(bytes, needed.use);
    }
    const std::lock_guard lock(mutex_);
    ++result_.objects;
    result_.bytes += size;
    count_file(fault);
    result_.decoded += decode && fault == SealFault::none ? 1 : 0;
    const fs::path place = repository_.place_of(Item::object, blob);
    if (fault != SealFault::none) {
      add_fault(fault, blob.text(), place, needed.use.purpose + " ");
    } else if (unreadable) {
      add({"undecodable", blob.text(), place.string(), *unreadable});
    }
    if (fault != SealFault::none || unreadable) {
      for (const std::size_t backup : needed.backups) result_.backups[backup].sound = false;
    }
    if (check_.progress) check_.progress(result_.objects, result_.bytes);
  }

  void count_file(SealFault fault) {
    const bool there = fault != SealFault::missing;
    files_needed_ += there && !(check_.set_aside && fault == SealFault::broken) ? 1 : 0;
  }

  // What no backup names does no harm; prune takes it away.
  void look_beside() {
    for (const fs::path& folder : repository_.data_folders()) {
      std::error_code error;
      const fs::directory_iterator files(folder, error);
      if (error) {
        add({"unreadable", "", "data/" + folder.filename().string(), "cannot be listed"});
      } else {
        result_.unneeded += std::distance(begin(files), end(files));
      }
    }
    result_.unneeded = std::max<std::int64_t>(0, result_.unneeded - files_needed_);
  }

  BackupRepository& repository_;
  const BackupCheck& check_;
  std::mutex mutex_;  // guards result_ while objects are checked
  BackupVerification result_;
  std::int64_t files_needed_ = 0;  // that are there
};

}  // namespace

BackupVerification verify_backups(BackupRepository& repository, const BackupCheck& check) {
  return Verifier(repository, check).run();
}

}  // namespace archive
