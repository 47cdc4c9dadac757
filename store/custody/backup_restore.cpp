#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <utility>

#include "core/error.h"
#include "store/custody/backup.h"
#include "store/objects/digest.h"
#include "store/objects/object_store.h"
#include "store/objects/small_file.h"
#include "store/objects/temporary_file.h"
#include "store/records/sealed_pages.h"
#include "store/sealing/keyring.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRestoring = "juanzong.restoring";
constexpr std::size_t kIdMost = 256;

[[noreturn]] void refuse_damaged(const fs::path& where, const std::string& what) {
  throw ArchiveError(ErrorKind::damage, where.string(), what,
                     "run `juanzong backup verify` to see all damage; restore an earlier backup, "
                     "or one from another medium");
}

class Restore {
 public:
  Restore(const BackupRepository& repository, std::string id, const fs::path& folder, int threads,
          const std::atomic<bool>* stop, const BackupProgress& progress)
      : repository_(repository),
        id_(std::move(id)),
        folder_(fs::absolute(folder).lexically_normal()),
        threads_(threads),
        stop_(stop),
        progress_(progress) {}

  BackupManifest run() {
    const BackupManifest manifest = read_manifest(repository_, id_);
    begin();
    const auto is_of_keys = [](const BackedUpFile& file) { return file.name.starts_with("keys/"); };
    const bool encrypted = std::ranges::any_of(manifest.files, is_of_keys);
    const ArchiveFolder archive = ArchiveFolder::unmarked(folder_, encrypted);
    for (const BackedUpFile& file : manifest.files) {
      if (is_of_keys(file) && file.name != kMasterName) put_file(file);
    }
    if (encrypted) take_master(manifest);
    // Nobody takes it for an archive before all is there, so one sync at the end will do. What is
    // there of an interrupted restore is believed by its hash alone.
    ObjectStore objects(archive.objects(), false);
    for (const BackedUpList& list : manifest.lists) {
      if (stopped()) break;
      put_list(list, objects);
    }
    if (stopped()) {
      throw ArchiveError(ErrorKind::interrupted, folder_.string(), "the restore was stopped",
                         "give the same command again, it goes on where it stopped");
    }
    for (const BackedUpFile& file : manifest.files) {
      if (!is_of_keys(file)) put_file(file);
    }
    objects.remove_unfinished();
    settle();
    archive.mark();
    fs::remove(folder_ / kRestoring);
    return manifest;
  }

 private:
  bool stopped() const { return stop_ != nullptr && *stop_; }

  void begin() const {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) throw_disk_error(folder_, "making a folder", error.value());
    if (ArchiveFolder::is_marked(folder_)) {
      throw ArchiveError(ErrorKind::usage, folder_.string(), "there is an archive already",
                         "restore into an empty folder, and put it in the place of the other one "
                         "when it is whole");
    }
    const std::string begun = read_small_file(folder_ / kRestoring, kIdMost);
    if (begun == id_) return;
    if (!begun.empty() || !fs::is_empty(folder_)) {
      throw ArchiveError(
          ErrorKind::usage, folder_.string(),
          begun.empty() ? "the folder is not empty" : "another backup is being restored here",
          "name a folder that is empty or does not exist");
    }
    put_small_file(real_disk(), folder_ / kRestoring, id_, fs::perms(0640));
  }

  void put_list(const BackedUpList& list, ObjectStore& objects) {
    std::string text;
    const SealFault fault = repository_.get_piece(*list.piece, text);
    const auto all = fault == SealFault::none ? parse_list(text) : std::nullopt;
    if (!all || static_cast<std::int64_t>(all->size()) != list.objects) {
      repository_.require_present();
      refuse_damaged(repository_.folder() / repository_.place_of(Item::piece, *list.piece),
                     "a list of objects is missing or broken");
    }
    share_work(all->size(), threads_, stop_, [&](std::size_t i) { put(all->at(i), objects); });
  }

  void put(const BackedUpObject& object, ObjectStore& objects) {
    // One that could not be read when the backup was made, and that no later one brought.
    if (object.lacking && !repository_.has(Item::object, object.blob)) return;
    if (!objects.contains(object.blob) || !objects.is_sound(object.blob)) {
      SealFault fault = SealFault::none;
      const bool right = objects.put_as(object.blob, [&](const ObjectStore::Take& take) {
        fault = repository_.get_object(object.blob, take);
      });
      if (!right || fault != SealFault::none) {
        repository_.require_present();
        refuse_damaged(repository_.folder() / repository_.place_of(Item::object, object.blob),
                       "the " + object.use.purpose + " object " + object.blob.text() +
                           (fault == SealFault::missing ? " is gone" : " is broken"));
      }
    }
    const std::lock_guard lock(mutex_);
    ++objects_;
    bytes_ += static_cast<std::int64_t>(object.size_bytes);
    if (progress_) progress_(objects_, bytes_);
  }

  void read_pieces(const BackedUpFile& file,
                   const std::function<void(std::span<const std::byte>)>& take) const {
    Sha256 hash;
    for (const BlobId& piece : file.pieces) {
      std::string bytes;
      if (repository_.get_piece(piece, bytes) != SealFault::none) {
        repository_.require_present();
        refuse_damaged(repository_.folder() / repository_.place_of(Item::piece, piece),
                       "a piece of " + file.name + " is missing or broken");
      }
      hash.add(std::as_bytes(std::span(std::as_const(bytes))));
      take(std::as_bytes(std::span(std::as_const(bytes))));
      wipe(bytes);
    }
    if (hash.finish() != *file.hash) {
      refuse_damaged(repository_.folder(), file.name + " is not as it was");
    }
  }

  void take_master(const BackupManifest& manifest) {
    const auto file = std::ranges::find(manifest.files, kMasterName, &BackedUpFile::name);
    std::string digits;
    if (file != manifest.files.end()) {
      read_pieces(*file, [&digits](std::span<const std::byte> bytes) {
        digits.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      });
    }
    const auto master = Secret::parse(std::string_view(digits).substr(0, digits.find('\n')));
    wipe(digits);
    if (!master) refuse_damaged(repository_.folder(), "the backup has no key of the archive");
    add_keys(folder_, *master);
    keys_ = keys_of(folder_);
  }

  void put_file(const BackedUpFile& file) const {
    const fs::path target = folder_ / file.name;
    // A name that leads elsewhere was made by nobody who has the key; it is refused all the same.
    const fs::path relative = fs::path(file.name).lexically_normal();
    if (relative.is_absolute() || *relative.begin() == "..") {
      refuse_damaged(repository_.folder(), "a file of the backup lies outside of the archive");
    }
    fs::create_directories(target.parent_path());
    TemporaryFile out(real_disk(), folder_ / "spool" / "tmp");
    std::optional<SealedPagesWriter> pages;
    if (keys_ && file.name == "records.sqlite") pages.emplace(out, *keys_);
    read_pieces(file, [&](std::span<const std::byte> bytes) {
      pages ? pages->add(bytes) : out.write(bytes);
    });
    if (pages) pages->finish();
    out.seal(true);
    if (::chmod(out.path().c_str(), file.mode & 0777) != 0) {
      throw_disk_error(out.path(), "setting the mode", errno);
    }
    if (real_disk().rename_over(out.path(), target) != 0) {
      throw_disk_error(target, "giving the file its name", errno);
    }
    out.release();
    sync_folder(real_disk(), target.parent_path());
  }

  void settle() const {
    const int fd = real_disk().open_folder(folder_);
    if (fd < 0) throw_disk_error(folder_, "opening the folder", errno);
    const bool synced = ::syncfs(fd) == 0;
    const int error = errno;
    ::close(fd);
    if (!synced) throw_disk_error(folder_, "syncing the disk", error);
  }

  const BackupRepository& repository_;
  std::string id_;
  fs::path folder_;
  int threads_;
  const std::atomic<bool>* stop_;
  const BackupProgress& progress_;
  ArchiveKeysPtr keys_;  // of an encrypted archive
  std::mutex mutex_;     // guards what follows
  std::int64_t objects_ = 0;
  std::int64_t bytes_ = 0;
};

}  // namespace

BackupManifest read_manifest(const BackupRepository& repository, const std::string& id) {
  std::string text;
  const SealFault fault = repository.get_backup(id, text);
  if (fault == SealFault::missing) {
    throw ArchiveError(ErrorKind::not_found, repository.folder().string(),
                       "there is no backup " + id, "`juanzong backup list` prints the ids");
  }
  const auto manifest = fault == SealFault::none ? parse_manifest(text) : std::nullopt;
  if (!manifest) {
    refuse_damaged(repository.folder() / repository.place_of_backup(id),
                   "the backup is not as it was written");
  }
  return *manifest;
}

std::optional<BackupManifest> manifest_if_whole(const BackupRepository& repository,
                                                const std::string& id) {
  std::string text;
  const SealFault fault = repository.get_backup(id, text);
  if (fault == SealFault::none) return parse_manifest(text);
  repository.require_present();
  return std::nullopt;
}

BackupManifest restore_backup(const BackupRepository& repository, const std::string& id,
                              const fs::path& folder, int threads, const std::atomic<bool>* stop,
                              const BackupProgress& progress) {
  std::string chosen = id;
  if (chosen.empty()) {
    const std::vector<std::string> all = repository.backups();
    if (all.empty()) {
      throw ArchiveError(ErrorKind::not_found, repository.folder().string(),
                         "there is no backup in this repository",
                         "make one: `juanzong backup run`");
    }
    chosen = all.back();
  }
  return Restore(repository, chosen, folder, threads, stop, progress).run();
}

}  // namespace archive
