#include "ingest/uploads.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/timestamp.h"
#include "core/utf8.h"
#include "ingest/upload_batches.h"
#include "store/archive_folder.h"
#include "store/objects/digest.h"
#include "store/objects/small_file.h"
#include "store/sealing/cipher.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kPathParts = 4;
constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kNoteBytes = 16 * 1024;
constexpr std::uint64_t kKeepFree = 64ULL << 20;

/// A name that is one entry of a folder and no other program's temporary one.
bool is_entry_name(const std::string& name) {
  if (name.empty() || name.size() > kNameBytes || name.starts_with('.') || !is_utf8(name)) {
    return false;
  }
  if (name.ends_with(' ') || name.ends_with('.')) return false;
  return std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\' || c == ':';
  });
}

bool is_path_below(const std::string& name) {
  std::size_t parts = 0;
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t end = std::min(name.find('/', from), name.size());
    if (!is_entry_name(name.substr(from, end - from)) || ++parts > kPathParts) return false;
    from = end + 1;
  }
  return true;
}

bool lies_in(const std::string& name, const std::string& folder) {
  return name.starts_with(folder + "/");
}

bool is_hex(const std::string& text, std::size_t digits) {
  return text.size() == digits &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

struct Uploads::Coming {
  Upload upload;
  DigestCounter counter{DigestKind::sha256};
  bool counted = false;  ///< counter has what was received
};

Uploads::Uploads(const fs::path& spool, fs::path hot_folder, const UploadSettings& settings,
                 Disk& disk)
    : folder_(spool / "uploads"),
      hot_folder_(std::move(hot_folder)),
      settings_(settings),
      disk_(disk) {
  for (const fs::path& folder : {folder_, folder_ / "accepted"}) {
    if (disk_.make_folder(folder) == 0) {
      sync_folder(disk_, folder.parent_path());
    } else if (errno != EEXIST) {
      throw_disk_error(folder, "making a folder", errno);
    } else if (!fs::is_directory(folder)) {
      throw ArchiveError(ErrorKind::disk, folder.string(), "a file lies where a folder should be",
                         "move it away, then start again");
    }
  }
  std::error_code error;
  fs::remove_all(handed(), error);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    const std::string id = entry.path().stem().string();
    if (entry.path().extension() == ".json" && is_hex(id, kIdDigits)) take_up(id);
  }
}

// REQUIRES: no other thread knows this object.
void Uploads::take_up(const std::string& id) {
  const Json note = Json::parse(read_small_file(note_of(id), kNoteBytes), nullptr, false);
  if (!note.is_object()) return;
  auto coming = std::make_unique<Coming>();
  Upload& upload = coming->upload;
  upload = {id, note.value("batch", ""), note.value("name", ""),
            note.value("size", std::uint64_t{0}), note.value("sha256", ""),
            note.value("by", ""), note.value("begun_at", ""), 0, false};
  if (fs::is_regular_file(accepted_of(upload.batch, upload.name))) {
    // A kill came after it got its name there: nothing is under way any more.
    remove_files_of(id);
    return;
  }
  std::error_code error;
  const std::uintmax_t size = fs::file_size(part_of(id), error);
  upload.received = error ? 0 : size;
  coming_.emplace(id, std::move(coming));
}

Uploads::~Uploads() = default;

fs::path Uploads::accepted_of(const std::string& batch, const std::string& name) const {
  return folder_ / "accepted" / batch / name;
}

void Uploads::remove_files_of(const std::string& id) {
  disk_.remove(part_of(id));
  disk_.remove(note_of(id));
}

// REQUIRES: mutex_ is held.
void Uploads::drop_old() {
  const auto oldest = fs::file_time_type::clock::now() - std::chrono::hours(settings_.hours_max);
  std::erase_if(coming_, [&](const auto& one) {
    std::error_code error;
    auto touched = fs::last_write_time(part_of(one.first), error);
    if (error) touched = fs::last_write_time(note_of(one.first), error);
    if (!error && touched > oldest) return false;
    remove_files_of(one.first);
    return true;
  });
}

void Uploads::keep(const Coming& coming) {
  const Upload& upload = coming.upload;
  const Json note = {{"batch", upload.batch}, {"name", upload.name},
                     {"size", upload.size},   {"sha256", upload.sha256},
                     {"by", upload.by},       {"begun_at", upload.begun_at}};
  try {
    put_small_file(disk_, note_of(upload.id), note.dump(), fs::perms(0600));
  } catch (const ArchiveError&) {
    disk_.remove(note_of(upload.id));
    throw;
  }
}

Upload Uploads::begin(const std::string& batch, const std::string& name, std::uint64_t size,
                      const std::string& sha256, const std::string& by) {
  if (!is_entry_name(batch)) throw UploadRefused("name", "this is no name of a batch");
  if (!is_path_below(name)) throw UploadRefused("name", "this is no name of a file in a batch");
  if (!is_hex(sha256, kHashDigits)) throw UploadRefused("digest", "this is no SHA-256");
  if (size == 0 || size > settings_.file_bytes_max) {
    throw UploadRefused("size", "a file has 1 to " + std::to_string(settings_.file_bytes_max) +
                                    " bytes here");
  }
  const std::lock_guard lock(mutex_);
  drop_old();
  const fs::path there = accepted_of(batch, name);
  refuse_what_is_in_the_way(folders_for(folder_ / "accepted" / batch, {name}));
  if (fs::exists(there)) {
    if (!is_file_with(there, size, sha256)) {
      throw UploadRefused("taken", "the batch has a file of this name with other bytes");
    }
    // It may have got its name in an attempt that failed afterwards.
    std::erase_if(coming_, [&](const auto& one) {
      const Upload& known = one.second->upload;
      if (known.batch != batch || known.name != name) return false;
      remove_files_of(one.first);
      return true;
    });
    return {"", batch, name, size, sha256, by, "", size, true};
  }
  for (const auto& [id, coming] : coming_) {
    const Upload& known = coming->upload;
    if (known.batch == batch && (lies_in(known.name, name) || lies_in(name, known.name))) {
      throw UploadRefused("taken", "a file is being received where the batch would need a folder");
    }
    if (known.batch != batch || known.name != name) continue;
    if (known.by == by && known.size == size && known.sha256 == sha256) return known;
    throw UploadRefused("taken", "a file of this name is being received for the batch");
  }
  if (coming_.size() >= static_cast<std::size_t>(settings_.files_max)) {
    throw UploadRefused("many", "too many files are under way: finish or give up some");
  }
  require_free_space(folder_, size + kKeepFree);
  std::array<std::byte, kIdDigits / 2> random{};
  random_bytes(random);
  auto coming = std::make_unique<Coming>();
  coming->upload = {hex_of(random), batch, name, size, sha256, by, timestamp_now(), 0, false};
  coming->counted = true;
  keep(*coming);
  const Upload made = coming->upload;
  coming_.emplace(made.id, std::move(coming));
  return made;
}

// REQUIRES: mutex_ is held.
Uploads::Coming& Uploads::mine(const std::string& id, const std::string& by) {
  const auto found = coming_.find(id);
  if (found == coming_.end() || found->second->upload.by != by) {
    throw UploadRefused("unknown", "nothing is being received under this address");
  }
  return *found->second;
}

Upload Uploads::append(const std::string& id, const std::string& by, std::uint64_t offset,
                       std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  Coming& coming = mine(id, by);
  Upload& upload = coming.upload;
  if (offset != upload.received) {
    UploadRefused refused("offset", "the next piece begins at " + std::to_string(upload.received));
    refused.received = upload.received;
    throw refused;
  }
  if (bytes.size() > upload.size - upload.received) {
    throw UploadRefused("size", "more bytes than were said");
  }
  const fs::path part = part_of(id);
  const int fd = disk_.open_append(part);
  if (fd < 0) throw_disk_error(part, "opening a file that is received", errno);
  for (std::size_t done = 0; done < bytes.size();) {
    const auto left = std::as_bytes(std::span(bytes)).subspan(done);
    const ssize_t wrote = disk_.write(fd, left.data(), left.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      const int error = wrote == 0 ? ENOSPC : errno;
      disk_.close(fd);
      // What was written of this piece is counted where the station asks again.
      std::error_code ignored;
      fs::resize_file(part, upload.received, ignored);
      throw_disk_error(part, "writing a file that is received", error);
    }
    done += static_cast<std::size_t>(wrote);
  }
  disk_.close(fd);
  upload.received += bytes.size();
  if (coming.counted) coming.counter.add(bytes);
  if (upload.received < upload.size) return upload;
  accept(coming);
  Upload whole = upload;
  whole.accepted = true;
  coming_.erase(id);
  return whole;
}

// REQUIRES: mutex_ is held; all bytes are there.
void Uploads::accept(Coming& coming) {
  const Upload upload = coming.upload;
  const fs::path part = part_of(upload.id);
  // Of a file that was begun before a restart the counter lacks the beginning; and it counts once:
  // whoever comes again after a failure has the file's own digest taken.
  const std::string found = coming.counted ? hex_of(coming.counter.finish()) : sha256_of_file(part);
  coming.counted = false;
  if (found != upload.sha256 || fs::file_size(part) != upload.size) {
    remove_files_of(upload.id);
    coming_.erase(upload.id);
    throw UploadRefused("hash", "the bytes that came have another SHA-256 than was said");
  }
  sync_file(disk_, part);
  const fs::path place = accepted_of(upload.batch, upload.name);
  const auto folders = folders_for(folder_ / "accepted" / upload.batch, {upload.name});
  make_folders(disk_, folders);
  if (disk_.rename_new(part, place) != 0) {
    if (errno == EEXIST) throw UploadRefused("taken", "the batch has a file of this name");
    throw_disk_error(place, "giving a file its name", errno);
  }
  try {
    sync_folders(disk_, folders);
  } catch (const ArchiveError&) {
    // A second fsync of the same change may lie: the next attempt gives the name anew.
    disk_.rename_new(place, part);
    throw;
  }
  disk_.remove(note_of(upload.id));
}

void Uploads::give_up(const std::string& id, const std::string& by) {
  const std::lock_guard lock(mutex_);
  mine(id, by);
  remove_files_of(id);
  coming_.erase(id);
}

void Uploads::hand_over(const std::string& batch, std::int64_t files) {
  if (!is_entry_name(batch)) throw UploadRefused("name", "this is no name of a batch");
  const std::lock_guard lock(mutex_);
  for (const auto& [id, coming] : coming_) {
    if (coming->upload.batch == batch) {
      throw UploadRefused("unfinished", "a file of the batch is still being received");
    }
  }
  const fs::path from = folder_ / "accepted" / batch;
  const fs::path to = hot_folder_ / batch;
  refuse_what_is_in_the_way({from});
  const std::vector<fs::path> names = files_of_batch(from);
  if (names.empty()) {
    // Whoever lost the answer asks again.
    if (files > 0 && std::ssize(files_of_batch(to)) >= files) return;
    throw UploadRefused("unknown", "no file of this batch waits here");
  }
  if (static_cast<std::int64_t>(names.size()) != files) {
    throw UploadRefused("count", std::to_string(names.size()) + " files of this batch are here");
  }
  // Notes that were removed must not come back, and names a kill left unsynced must last.
  sync_folder(disk_, folder_);
  sync_folders(disk_, folders_for(from, names));
  if (!give_place(disk_, from, names, to)) put_away(from);
}

// At one stroke: half a batch that still seemed to wait would be refused for its number of files.
void Uploads::put_away(const fs::path& batch) {
  std::error_code error;
  fs::remove_all(handed(), error);
  if (disk_.rename_over(batch, handed()) != 0) {
    throw_disk_error(batch, "putting a batch away that was handed over", errno);
  }
  sync_folder(disk_, batch.parent_path());
  fs::remove_all(handed(), error);
}

std::vector<Upload> Uploads::of(const std::string& by) const {
  const std::lock_guard lock(mutex_);
  std::vector<Upload> found;
  for (const auto& [id, coming] : coming_) {
    if (coming->upload.by == by) found.push_back(coming->upload);
  }
  std::ranges::sort(found, {}, &Upload::begun_at);
  return found;
}

std::vector<WaitingDelivery> Uploads::waiting() const {
  const std::lock_guard lock(mutex_);
  std::vector<WaitingDelivery> found;
  std::error_code error;
  for (const auto& batch : fs::directory_iterator(folder_ / "accepted", error)) {
    if (!batch.is_directory()) continue;
    WaitingDelivery one{batch.path().filename().string(), 0, 0};
    for (const auto& entry : fs::recursive_directory_iterator(batch.path(), error)) {
      if (!entry.is_regular_file()) continue;
      ++one.files;
      one.bytes += entry.file_size();
    }
    if (one.files > 0) found.push_back(std::move(one));
  }
  std::ranges::sort(found, {}, &WaitingDelivery::batch);
  return found;
}

}  // namespace archive
