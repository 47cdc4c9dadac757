#include "store/objects/object_store.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <string>
#include <utility>

#include "core/error.h"
#include "store/objects/digest.h"
#include "store/objects/input_file.h"
#include "store/objects/object_bytes.h"
#include "store/objects/temporary_file.h"
#include "store/sealing/keyring.h"
#include "store/sealing/memory_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShardLength = 2;
constexpr std::size_t kRememberedMost = 4096;
constexpr const char* kOtherBytes = "the bytes do not agree with the name";
constexpr std::size_t kOpenedMost = 16;
constexpr std::uint64_t kOpenedBytesMost = std::uint64_t{256} << 20;
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

/// The archive or replica that an object store belongs to.
fs::path folder_around(const fs::path& objects) {
  const fs::path absolute = fs::absolute(objects).lexically_normal();
  return absolute.has_filename() ? absolute.parent_path() : absolute.parent_path().parent_path();
}

ArchiveError damaged(const fs::path& path, const std::string& what) {
  return {ErrorKind::damage, path.string(), what,
          "`juanzong verify` shows all damage, `juanzong repair` brings the object back"};
}

ArchiveError not_there(const fs::path& path) {
  return {ErrorKind::not_found, path.string(), "there is no such object",
          "run `juanzong verify`; `juanzong repair` brings the object back"};
}

/// Whether another process is writing this unfinished file: `serve` puts objects away beside
/// whoever has the archive. Its number is the beginning of the name (TemporaryFile).
bool is_at_work(const fs::path& unfinished) {
  const std::string name = unfinished.filename().string();
  const auto process = static_cast<pid_t>(std::strtol(name.c_str(), nullptr, 10));
  if (process <= 0 || process == ::getpid()) return false;
  return ::kill(process, 0) == 0 || errno == EPERM;
}

}  // namespace

BlobId hash_of(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

BlobId hash_of(std::string_view bytes) { return hash_of(std::as_bytes(std::span(bytes))); }

ObjectStore::ObjectStore(fs::path folder, bool fsync, Disk& disk)
    : folder_(std::move(folder)),
      fsync_(fsync),
      disk_(disk),
      bytes_(std::make_shared<const ObjectBytes>(keys_of(folder_around(folder_)))),
      known_(std::make_unique<Known>()) {
  // Plain bytes must not come among encrypted ones because a small file was lost.
  if (!encrypted() && is_folder(folder_ / "sealed")) {
    throw ArchiveError(ErrorKind::damage, folder_.string(),
                       "the objects are encrypted, and the folder `keys` beside them is gone",
                       "bring it back from a backup or a replica");
  }
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
  ObjectWriter writer(file, *bytes_);
  writer.add(bytes);
  writer.finish();
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
  ObjectWriter writer(copy, *bytes_);
  std::string first_bytes;
  const auto fault = opened->read_all([&](std::span<const std::byte> piece) {
    const auto* text = reinterpret_cast<const char*>(piece.data());
    first_bytes.append(text, std::min(piece.size(), kFirstBytes - first_bytes.size()));
    writer.add(piece);
  });
  if (fault) return Failure{*fault};
  const BlobId blob = writer.finish();
  if (!keep_existing(blob)) {
    copy.seal(fsync_);
    enter(copy, blob);
  }
  return StoredFile{blob, writer.size_bytes(), std::move(first_bytes)};
}

bool ObjectStore::put_as(const BlobId& blob, const std::function<void(const Take& take)>& produce) {
  ensure_folders();
  TemporaryFile copy(disk_, unfinished_folder());
  ObjectWriter writer(copy, *bytes_);
  produce([&writer](std::span<const std::byte> piece) { writer.add(piece); });
  if (writer.finish() != blob) return false;
  copy.seal(fsync_);
  enter(copy, blob);
  return true;
}

ObjectStore::Shard& ObjectStore::shard_of(const BlobId& blob) {
  std::size_t number = 0;
  const std::string name = bytes_->name_of(blob);
  std::from_chars(name.data(), name.data() + kShardLength, number, 16);
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
    for (const fs::path& folder : {top(), unfinished_folder()}) {
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
  if (fsync_) sync_folder(disk_, top());
  shard.durable = true;
}

bool ObjectStore::contains(const BlobId& blob) const { return is_ordinary_file(path_of(blob)); }

fs::path ObjectStore::top() const { return folder_ / bytes_->folder(); }

bool ObjectStore::encrypted() const { return bytes_->sealed(); }

fs::path ObjectStore::path_of(const BlobId& blob) const {
  const std::string name = bytes_->name_of(blob);
  return top() / name.substr(0, kShardLength) / name.substr(kShardLength);
}

std::optional<std::uint64_t> ObjectStore::size_of(const BlobId& blob) const {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path_of(blob), error);
  return error ? std::nullopt : bytes_->size_in(size);
}

std::optional<PageFault> ObjectStore::read(const BlobId& blob, const Take& take) const {
  return bytes_->read(path_of(blob), take);
}

ObjectFile ObjectStore::file_of(const BlobId& blob) const {
  if (!encrypted()) return {path_of(blob), nullptr};
  auto memory = open(blob);
  fs::path path = memory->path();
  return {std::move(path), std::move(memory)};
}

// One thread at a time: pages of one file come together, and each would open it anew.
std::shared_ptr<const MemoryFile> ObjectStore::open(const BlobId& blob) const {
  const std::lock_guard lock(known_->opening);
  auto& opened = known_->opened;
  const auto known = std::ranges::find(opened, blob, &decltype(known_->opened)::value_type::first);
  if (known != opened.end()) {
    std::rotate(known, known + 1, opened.end());
    return opened.back().second;
  }
  const fs::path path = path_of(blob);
  if (!contains(blob)) throw not_there(path);
  auto memory = std::make_shared<MemoryFile>();
  Sha256 hash;
  const auto fault = read(blob, [&](std::span<const std::byte> piece) {
    hash.add(piece);
    memory->add(piece);
  });
  if (fault) throw damaged(path, fault->detail);
  if (hash.finish() != blob) throw damaged(path, kOtherBytes);
  memory->seal();
  opened.emplace_back(blob, memory);
  std::uint64_t bytes = 0;
  for (const auto& [id, file] : opened) bytes += file->size_bytes();
  while (opened.size() > 1 && (opened.size() > kOpenedMost || bytes > kOpenedBytesMost)) {
    bytes -= opened.front().second->size_bytes();
    opened.erase(opened.begin());
  }
  return memory;
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

ObjectFile ObjectStore::sound_file_of(const BlobId& blob) const {
  if (encrypted()) return file_of(blob);
  const fs::path path = path_of(blob);
  if (!contains(blob)) throw not_there(path);
  if (!is_sound(blob)) throw damaged(path, kOtherBytes);
  return file_of(blob);
}

std::string ObjectStore::get(const BlobId& blob) const {
  const fs::path path = path_of(blob);
  if (!contains(blob)) throw not_there(path);
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(size_of(blob).value_or(0)));
  const auto fault = read(blob, [&bytes](std::span<const std::byte> piece) {
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  if (fault && fault->reason != FaultReason::empty_file) throw damaged(path, fault->detail);
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
  const auto file_bytes = static_cast<std::uint64_t>(state.st_size);
  ObjectLook seen{ObjectHealth::unreadable, bytes_->size_in(file_bytes).value_or(0), std::nullopt,
                  (state.st_mode & 0222) != 0};
  if (!S_ISREG(state.st_mode)) return seen;
  Sha256 hash;
  if (file_bytes > 0) {
    const auto add = [&hash](std::span<const std::byte> piece) { hash.add(piece); };
    if (const auto fault = read(blob, add)) {
      if (fault->reason == FaultReason::damaged) seen.health = ObjectHealth::wrong_bytes;
      return seen;
    }
  }
  seen.actual = hash.finish();
  seen.health = *seen.actual == blob ? ObjectHealth::sound
                : file_bytes == 0    ? ObjectHealth::empty
                                     : ObjectHealth::wrong_bytes;
  return seen;
}

void ObjectStore::for_each(const Visit& visit) const {
  for (const fs::path& shard : shards()) for_each_in(shard, visit);
}

std::vector<fs::path> ObjectStore::shards() const { return entries_of(top()); }

void ObjectStore::for_each_in(const fs::path& shard, const Visit& visit) const {
  const std::string start = shard.filename().string();
  if (start.size() != kShardLength || !is_folder(shard)) {
    visit(std::nullopt, shard);
    return;
  }
  for (const fs::path& path : entries_of(shard)) {
    std::optional<BlobId> blob;
    if (is_ordinary_file(path)) blob = bytes_->blob_in(path, start + path.filename().string());
    visit(blob, path);
  }
}

std::size_t ObjectStore::remove_unfinished() {
  std::size_t removed = 0;
  bring_back_doomed();
  if (!is_folder(unfinished_folder())) return removed;
  for (const fs::path& path : entries_of(unfinished_folder())) {
    if (!is_at_work(path) && disk_.remove(path) == 0) ++removed;
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
  {
    const std::lock_guard lock(known_->opening);
    std::erase_if(known_->opened, [&](const auto& one) { return one.first == blob; });
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
        top() / name.substr(0, kShardLength) / name.substr(kShardLength);
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
