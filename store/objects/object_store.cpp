#include "store/objects/object_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <utility>

#include "core/error.h"
#include "store/objects/digest.h"
#include "store/objects/input_file.h"
#include "store/objects/temporary_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShardLength = 2;
constexpr std::size_t kRememberedMost = 4096;
constexpr const char* kOtherBytes = "the bytes do not agree with the name";
constexpr std::size_t kFirstBytes = 2048;  // a PDF may begin behind 1,024 bytes of mail

bool is_folder(const fs::path& path) {
  struct stat state {};
  return ::lstat(path.c_str(), &state) == 0 && S_ISDIR(state.st_mode);
}

bool is_ordinary_file(const fs::path& path) {
  struct stat state {};
  return ::lstat(path.c_str(), &state) == 0 && S_ISREG(state.st_mode);
}

std::chrono::system_clock::time_point changed_at(const fs::path& path) {
  struct stat state {};
  if (::lstat(path.c_str(), &state) != 0) throw_disk_error(path, "looking at the object", errno);
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::seconds(state.st_mtim.tv_sec) +
          std::chrono::nanoseconds(state.st_mtim.tv_nsec)));
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    entries.push_back(entry->path());
  }
  if (error) throw_disk_error(folder, "listing the folder", error.value());
  std::ranges::sort(entries);
  return entries;
}

ArchiveError damaged(const fs::path& path, const std::string& what) {
  return {ErrorKind::damage, path.string(), what,
          "run `juanzong verify` to see all damage; bring the object back from a backup"};
}

ArchiveError not_there(const fs::path& path) {
  return {ErrorKind::not_found, path.string(), "there is no such object",
          "run `juanzong verify`; bring the object back from a backup"};
}

}  // namespace

BlobId hash_of(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

BlobId hash_of(std::string_view bytes) { return hash_of(std::as_bytes(std::span(bytes))); }

ObjectStore::ObjectStore(fs::path folder, bool fsync, Disk& disk)
    : folder_(std::move(folder)), fsync_(fsync), disk_(disk), known_(std::make_unique<Known>()) {
  if (!is_folder(folder_)) {
    throw ArchiveError(ErrorKind::archive_missing, folder_.string(), "there is no object store",
                       "check the path and that its disk is mounted, or make an archive with "
                       "`juanzong init`");
  }
}

BlobId ObjectStore::put(std::string_view bytes) { return put(std::as_bytes(std::span(bytes))); }

BlobId ObjectStore::put(std::span<const std::byte> bytes) {
  BlobId blob = hash_of(bytes);
  if (keep_existing(blob)) return blob;
  ensure_folders();
  TemporaryFile file(disk_, unfinished_folder());
  file.write(bytes);
  file.seal(fsync_);
  enter(file, blob);
  return blob;
}

Result<ObjectStore::StoredFile, PageFault> ObjectStore::put_file(const fs::path& file,
                                                                 std::uint64_t bytes_max) {
  auto opened = InputFile::open(file, bytes_max);
  if (!opened) return Failure{opened.error()};
  ensure_folders();
  TemporaryFile copy(disk_, unfinished_folder());
  Sha256 hash;
  std::string first_bytes;
  const auto fault = opened->read_all([&](std::span<const std::byte> piece) {
    const auto* text = reinterpret_cast<const char*>(piece.data());
    first_bytes.append(text, std::min(piece.size(), kFirstBytes - first_bytes.size()));
    hash.add(piece);
    copy.write(piece);
  });
  if (fault) return Failure{*fault};
  const BlobId blob = hash.finish();
  if (!keep_existing(blob)) {
    copy.seal(fsync_);
    enter(copy, blob);
  }
  return StoredFile{blob, copy.size_bytes(), std::move(first_bytes)};
}

bool ObjectStore::put_as(const BlobId& blob, const std::function<void(const Take& take)>& produce) {
  ensure_folders();
  TemporaryFile copy(disk_, unfinished_folder());
  Sha256 hash;
  produce([&](std::span<const std::byte> piece) {
    hash.add(piece);
    copy.write(piece);
  });
  if (hash.finish() != blob) return false;
  copy.seal(fsync_);
  enter(copy, blob);
  return true;
}

ObjectStore::Shard& ObjectStore::shard_of(const BlobId& blob) {
  std::size_t number = 0;
  std::from_chars(blob.hex().data(), blob.hex().data() + kShardLength, number, 16);
  return known_->shards.at(number);
}

bool ObjectStore::keep_existing(const BlobId& blob) {
  if (check(blob) != ObjectHealth::sound) return false;
  Shard& shard = shard_of(blob);
  const std::lock_guard lock(shard.mutex);
  return confirm(blob, shard);
}

// Whoever put the object there may have died between rename and fsync: "already there"
// is promised only after an fsync of ours.
bool ObjectStore::confirm(const BlobId& blob, Shard& shard) {
  // By its name, so that this fails once remove() has taken the name away.
  if (disk_.touch(path_of(blob)) != 0) {
    if (errno == ENOENT) return false;
    throw_disk_error(path_of(blob), "touching the object", errno);
  }
  ensure_shard(blob, shard);
  if (fsync_) sync_folder(disk_, path_of(blob).parent_path());
  return true;
}

void ObjectStore::enter(TemporaryFile& file, const BlobId& blob) {
  Shard& shard = shard_of(blob);
  const std::lock_guard lock(shard.mutex);
  ensure_shard(blob, shard);
  const fs::path target = path_of(blob);
  if (disk_.rename_new(file.path(), target) != 0) {
    if (errno != EEXIST) throw_disk_error(target, "giving the object its name", errno);
    if (check(blob) == ObjectHealth::sound && confirm(blob, shard)) return;
    if (disk_.rename_over(file.path(), target) != 0) {
      throw_disk_error(target, "replacing a damaged object", errno);
    }
  }
  file.release();
  if (!fsync_) return;
  try {
    sync_folder(disk_, target.parent_path());
  } catch (const ArchiveError&) {
    // The name may not last. If it stayed, the next put() would find it and believe it.
    disk_.remove(target);
    throw;
  }
}

void ObjectStore::ensure_folders() {
  std::call_once(known_->folders, [this] {
    for (const fs::path& folder : {sha256_folder(), unfinished_folder()}) {
      if (disk_.make_folder(folder) != 0 && errno != EEXIST) {
        throw_disk_error(folder, "making a folder", errno);
      }
    }
    if (fsync_) sync_folder(disk_, folder_);
  });
}

void ObjectStore::ensure_shard(const BlobId& blob, Shard& shard) {
  if (shard.durable) return;
  const fs::path folder = path_of(blob).parent_path();
  if (disk_.make_folder(folder) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
  if (fsync_) sync_folder(disk_, sha256_folder());
  shard.durable = true;
}

bool ObjectStore::contains(const BlobId& blob) const { return is_ordinary_file(path_of(blob)); }

fs::path ObjectStore::path_of(const BlobId& blob) const {
  return sha256_folder() / blob.hex().substr(0, kShardLength) / blob.hex().substr(kShardLength);
}

bool ObjectStore::is_sound(const BlobId& blob) const {
  {
    const std::lock_guard lock(known_->mutex);
    if (known_->sound.contains(blob)) return true;
  }
  if (check(blob) != ObjectHealth::sound) return false;
  const std::lock_guard lock(known_->mutex);
  if (known_->sound.size() >= kRememberedMost) known_->sound.clear();
  known_->sound.insert(blob);
  return true;
}

fs::path ObjectStore::sound_path_of(const BlobId& blob) const {
  fs::path path = path_of(blob);
  if (!contains(blob)) throw not_there(path);
  if (!is_sound(blob)) throw damaged(path, kOtherBytes);
  return path;
}

std::string ObjectStore::get(const BlobId& blob) const {
  const fs::path path = path_of(blob);
  if (!contains(blob)) throw not_there(path);
  std::string bytes;
  auto file = InputFile::open(path, UINT64_MAX);
  std::optional<PageFault> fault;
  if (file) {
    bytes.reserve(static_cast<std::size_t>(file->size_bytes()));
    fault = file->read_all([&bytes](std::span<const std::byte> piece) {
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
  } else if (file.error().reason != FaultReason::empty_file) {
    fault = file.error();
  }
  if (fault) throw damaged(path, fault->detail);
  if (hash_of(bytes) != blob) throw damaged(path, kOtherBytes);
  return bytes;
}

ObjectLook ObjectStore::look(const BlobId& blob) const {
  const fs::path path = path_of(blob);
  struct stat state {};
  if (::lstat(path.c_str(), &state) != 0) {
    const bool gone = errno == ENOENT || errno == ENOTDIR;
    return {gone ? ObjectHealth::missing : ObjectHealth::unreadable, 0, std::nullopt, false};
  }
  ObjectLook seen{ObjectHealth::unreadable, static_cast<std::uint64_t>(state.st_size), std::nullopt,
                  (state.st_mode & 0222) != 0};
  if (!S_ISREG(state.st_mode)) return seen;
  Sha256 hash;
  if (state.st_size > 0) {
    auto file = InputFile::open(path, UINT64_MAX);
    if (!file) return seen;
    const auto add = [&hash](std::span<const std::byte> piece) { hash.add(piece); };
    if (file->read_all(add)) return seen;
  }
  seen.actual = hash.finish();
  seen.health = *seen.actual == blob ? ObjectHealth::sound
                : state.st_size == 0 ? ObjectHealth::empty
                                     : ObjectHealth::wrong_bytes;
  return seen;
}

void ObjectStore::for_each(const Visit& visit) const {
  for (const fs::path& shard : shards()) for_each_in(shard, visit);
}

std::vector<fs::path> ObjectStore::shards() const { return entries_of(sha256_folder()); }

void ObjectStore::for_each_in(const fs::path& shard, const Visit& visit) const {
  const std::string start = shard.filename().string();
  if (start.size() != kShardLength || !is_folder(shard)) {
    visit(std::nullopt, shard);
    return;
  }
  for (const fs::path& path : entries_of(shard)) {
    auto blob = BlobId::parse(std::string(BlobId::kPrefix) + start + path.filename().string());
    if (blob && !is_ordinary_file(path)) blob.reset();
    visit(blob, path);
  }
}

std::size_t ObjectStore::remove_unfinished() {
  std::size_t removed = 0;
  bring_back_doomed();
  if (!is_folder(unfinished_folder())) return removed;
  for (const fs::path& path : entries_of(unfinished_folder())) {
    if (disk_.remove(path) == 0) ++removed;
  }
  return removed;
}

ObjectStore::Removal ObjectStore::remove(const BlobId& blob,
                                         std::chrono::system_clock::time_point unused_since) {
  const fs::path path = path_of(blob);
  if (!contains(blob)) return Removal::missing;
  if (disk_.make_folder(doomed_folder()) != 0 && errno != EEXIST) {
    throw_disk_error(doomed_folder(), "making a folder", errno);
  }
  const fs::path doomed =
      doomed_folder() / (path.parent_path().filename().string() + path.filename().string());
  if (disk_.rename_new(path, doomed) != 0) {
    throw_disk_error(path, "taking the object's name away", errno);
  }
  {
    const std::lock_guard lock(known_->mutex);
    known_->sound.erase(blob);
  }
  // Looked at only now: from here on nobody finds it, so that nobody touches it.
  if (changed_at(doomed) >= unused_since) {
    if (disk_.rename_new(doomed, path) != 0 && errno != EEXIST) {
      throw_disk_error(path, "giving the object its name back", errno);
    }
    disk_.remove(doomed);
    return Removal::kept;
  }
  // Gone for good must stay gone after a power cut, or a record of the removal would be untrue.
  if (fsync_) sync_folder(disk_, path.parent_path());
  if (disk_.remove(doomed) != 0) throw_disk_error(doomed, "removing the object", errno);
  if (fsync_) sync_folder(disk_, doomed_folder());
  return Removal::removed;
}

void ObjectStore::bring_back_doomed() {
  if (!is_folder(doomed_folder())) return;
  for (const fs::path& path : entries_of(doomed_folder())) {
    const std::string name = path.filename().string();
    if (name.size() <= kShardLength) continue;
    const fs::path home =
        sha256_folder() / name.substr(0, kShardLength) / name.substr(kShardLength);
    if (disk_.rename_new(path, home) == 0) {
      if (fsync_) sync_folder(disk_, home.parent_path());
    } else if (errno == EEXIST) {
      disk_.remove(path);
    } else {
      throw_disk_error(path, "giving the object its name back", errno);
    }
  }
}

}  // namespace archive
