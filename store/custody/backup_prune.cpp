#include <algorithm>
#include <optional>
#include <ranges>
#include <set>

#include "core/error.h"
#include "core/timestamp.h"
#include "store/custody/backup.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// So many names of files are remembered at once; a larger repository is walked several times.
constexpr std::int64_t kNamesMost = 1'000'000;

std::optional<std::vector<BackedUpObject>> read_list(const BackupRepository& repository,
                                                     const BackedUpList& list) {
  std::string text;
  if (repository.get_piece(*list.piece, text) != SealFault::none) {
    repository.require_present();
    return std::nullopt;
  }
  auto objects = parse_list(text);
  if (objects && static_cast<std::int64_t>(objects->size()) != list.objects) objects.reset();
  return objects;
}

class Pruning {
 public:
  Pruning(BackupRepository& repository, std::vector<BackupManifest> kept)
      : repository_(repository), kept_(std::move(kept)) {}

  /// Takes away what no kept backup needs.
  void remove_unneeded(PruneOutcome& outcome) {
    const std::vector<fs::path> folders = repository_.data_folders();
    std::int64_t names = 0;
    for (const BackupManifest& manifest : kept_) names = std::max(names, manifest.objects);
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

 private:
  std::set<std::string> needed_between(const std::string& first, const std::string& last) {
    std::set<std::string> needed;
    std::set<BlobId> read;
    const auto add = [&](Item item, const BlobId& blob) {
      const fs::path place = repository_.place_of(item, blob);
      const std::string folder = place.parent_path().filename().string();
      if (folder >= first && folder <= last) needed.insert(place.string());
    };
    for (const BackupManifest& manifest : kept_) {
      for (const BackedUpFile& file : manifest.files) {
        for (const BlobId& piece : file.pieces) add(Item::piece, piece);
      }
      for (const BackedUpList& list : manifest.lists) {
        if (!read.insert(*list.piece).second) continue;
        add(Item::piece, *list.piece);
        for (const BackedUpObject& object : objects_of(list)) add(Item::object, object.blob);
      }
    }
    return needed;
  }

  std::vector<BackedUpObject> objects_of(const BackedUpList& list) {
    if (auto objects = read_list(repository_, list)) return *std::move(objects);
    throw ArchiveError(ErrorKind::damage, repository_.folder().string(),
                       "a list of objects that was read a moment ago cannot be read any more",
                       "check the medium, and run `juanzong backup verify`");
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
  std::vector<BackupManifest> kept_;
};

/// Whether the objects of a backup are known. `whole`: lists that were read before.
bool lists_are_whole(const BackupRepository& repository, const BackupManifest& manifest,
                     std::set<BlobId>& whole) {
  return std::ranges::all_of(manifest.lists, [&](const BackedUpList& list) {
    if (whole.contains(*list.piece)) return true;
    if (!read_list(repository, list)) return false;
    whole.insert(*list.piece);
    return true;
  });
}

/// What would be kept and removed, and the manifests of what is kept.
PruneOutcome divide(const BackupRepository& repository, int keep, int keep_days,
                    const std::string& now, std::vector<BackupManifest>& kept) {
  PruneOutcome outcome;
  std::set<BlobId> whole;
  const TimePoint young = parse_iso8601(now).value_or(TimePoint{}) - std::chrono::days(keep_days);
  std::vector<std::string> all = repository.backups();
  for (const std::string& id : std::views::reverse(all)) {
    auto manifest = manifest_if_whole(repository, id);
    if (!manifest) {
      outcome.unreadable.push_back(id);
      continue;
    }
    const auto taken = parse_iso8601(manifest->taken_at);
    const bool newest = std::ssize(kept) < std::max(keep, 1);
    if (!newest && !(keep_days > 0 && taken && *taken >= young)) {
      outcome.removed.push_back(id);
    } else if (lists_are_whole(repository, *manifest, whole)) {
      outcome.kept.push_back(id);
      kept.push_back(*std::move(manifest));
    } else {
      outcome.unreadable.push_back(id);
    }
  }
  for (auto* ids : {&outcome.kept, &outcome.removed, &outcome.unreadable}) {
    std::ranges::reverse(*ids);
  }
  return outcome;
}

}  // namespace

PruneOutcome prune_backups(BackupRepository& repository, int keep, int keep_days,
                           const std::string& now, bool dry_run) {
  const WriterLock lock = repository.lock();
  std::vector<BackupManifest> kept;
  PruneOutcome outcome = divide(repository, keep, keep_days, now, kept);
  if (dry_run) return outcome;
  // A backup goes before what it needs: one that is there can always be restored.
  for (const std::string& id : outcome.removed) repository.remove_backup(id);
  if (!outcome.unreadable.empty()) return outcome;
  repository.prepare();
  Pruning(repository, std::move(kept)).remove_unneeded(outcome);
  return outcome;
}

}  // namespace archive
