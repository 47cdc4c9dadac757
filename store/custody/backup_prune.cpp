#include <algorithm>
#include <cerrno>
#include <set>

#include "core/error.h"
#include "core/timestamp.h"
#include "store/custody/backup.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// So many names of files are remembered at once; a larger repository is walked several times.
constexpr std::int64_t kNamesMost = 1'000'000;

struct KeptBackup {
  std::string id;
  BackupManifest manifest;
};

class Pruning {
 public:
  Pruning(BackupRepository& repository, std::vector<KeptBackup> kept)
      : repository_(repository), kept_(std::move(kept)) {}

  /// Takes away what no kept backup needs.
  void remove_unneeded(PruneOutcome& outcome) {
    const std::vector<fs::path> folders = repository_.data_folders();
    std::int64_t names = 0;
    for (const KeptBackup& backup : kept_) names = std::max(names, backup.manifest.objects);
    const auto passes = static_cast<std::size_t>(1 + names / kNamesMost);
    const std::size_t step = (folders.size() + passes - 1) / passes;
    for (std::size_t from = 0; from < folders.size(); from += step) {
      const std::size_t to = std::min(folders.size(), from + step);
      const std::string first = folders[from].filename().string();
      const std::string last = folders[to - 1].filename().string();
      const std::set<std::string> needed = needed_between(first, last);
      for (std::size_t i = from; i < to; ++i) clear(folders[i], needed, outcome);
    }
  }

  /// Reads every list that is needed, before anything is taken away. Throws where one is broken.
  void read_all() { needed_between("", ""); }

 private:
  std::set<std::string> needed_between(const std::string& first, const std::string& last) {
    std::set<std::string> needed;
    std::set<BlobId> read;
    const auto add = [&](Item item, const BlobId& blob) {
      const fs::path place = repository_.place_of(item, blob);
      const std::string folder = place.parent_path().filename().string();
      if (folder >= first && folder <= last) needed.insert(place.string());
    };
    for (const KeptBackup& backup : kept_) {
      for (const BackedUpFile& file : backup.manifest.files) {
        for (const BlobId& piece : file.pieces) add(Item::piece, piece);
      }
      for (const BackedUpList& list : backup.manifest.lists) {
        if (!read.insert(*list.piece).second) continue;
        add(Item::piece, *list.piece);
        for (const BackedUpObject& object : objects_of(list, backup.id)) {
          add(Item::object, object.blob);
        }
      }
    }
    return needed;
  }

  std::vector<BackedUpObject> objects_of(const BackedUpList& list, const std::string& id) {
    std::string text;
    const SealFault fault = repository_.get_piece(*list.piece, text);
    auto objects = fault == SealFault::none ? parse_list(text) : std::nullopt;
    if (objects && static_cast<std::int64_t>(objects->size()) == list.objects) return *objects;
    throw ArchiveError(ErrorKind::damage, repository_.folder().string(),
                       "backup " + id + " cannot be read, and nobody knows what it needs",
                       "run `juanzong backup verify`; nothing was taken away");
  }

  void clear(const fs::path& folder, const std::set<std::string>& needed, PruneOutcome& outcome) {
    bool removed = false;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
    for (const fs::path& file : files) {
      if (needed.contains(file.lexically_relative(repository_.folder()).string())) continue;
      std::error_code error;
      const auto size = fs::file_size(file, error);
      repository_.remove_data(file);
      removed = true;
      ++outcome.files;
      if (!error) outcome.bytes += static_cast<std::int64_t>(size);
    }
    if (removed) sync_folder(real_disk(), folder);
  }

  BackupRepository& repository_;
  std::vector<KeptBackup> kept_;
};

}  // namespace

PruneOutcome prune_backups(BackupRepository& repository, int keep, int keep_days,
                           const std::string& now, bool dry_run) {
  const WriterLock lock = repository.lock();
  PruneOutcome outcome;
  std::vector<KeptBackup> kept;
  const std::vector<std::string> all = repository.backups();
  const TimePoint young = parse_iso8601(now).value_or(TimePoint{}) - std::chrono::days(keep_days);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool newest = all.size() - i <= static_cast<std::size_t>(std::max(keep, 1));
    BackupManifest manifest = read_manifest(repository, all[i]);
    const auto taken = parse_iso8601(manifest.taken_at);
    if (newest || (keep_days > 0 && taken && *taken >= young)) {
      kept.push_back({all[i], std::move(manifest)});
      outcome.kept.push_back(all[i]);
    } else {
      outcome.removed.push_back(all[i]);
    }
  }
  Pruning pruning(repository, std::move(kept));
  pruning.read_all();
  if (dry_run) return outcome;
  // A backup goes before what it needs: one that is there can always be restored.
  for (const std::string& id : outcome.removed) repository.remove_backup(id);
  repository.prepare();
  pruning.remove_unneeded(outcome);
  return outcome;
}

}  // namespace archive
