#include "store/custody/backup_repository.h"

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "store/objects/compression.h"
#include "store/objects/digest.h"
#include "store/objects/small_file.h"
#include "store/objects/temporary_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarkFile = "juanzong.backup";
constexpr std::string_view kMarkBegins = "juanzong backup ";
constexpr std::string_view kMarkVersion = "1";
constexpr std::string_view kMarkWords =
    "This folder holds encrypted backups of an archive of Juanzong. Keep it whole.\n"
    "Its format is described in docs/BACKUP_FORMAT.md of the program.\n";
constexpr std::size_t kMarkBytesMost = 4096;
constexpr std::size_t kFolderDigits = 2;
constexpr std::size_t kRepositoryIdBytes = 8;
constexpr const char* kSubfolders[] = {"keys", "data", "backups", "tmp"};

std::string lines_of(const BackupRepository::Mark& mark) {
  return std::string(kMarkBegins) + std::string(kMarkVersion) + "\nrepository " + mark.repository +
         "\narchive " + mark.archive + "\nmedium " + mark.medium + "\n";
}

std::string value_in(std::string_view text, std::string_view name) {
  const std::string begins = "\n" + std::string(name) + " ";
  const std::size_t at = text.find(begins);
  if (at == std::string_view::npos) return "";
  text.remove_prefix(at + begins.size());
  return std::string(text.substr(0, text.find('\n')));
}

[[noreturn]] void refuse_mark(const fs::path& folder, ErrorKind kind, const char* what) {
  throw ArchiveError(kind, (folder / kMarkFile).string(), what,
                     "check the path; if the file was damaged, bring it back from a copy of this "
                     "backup");
}

std::string read_mark(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder / kMarkFile, error)) {
    throw ArchiveError(ErrorKind::archive_missing, folder.string(), "there is no backup here",
                       "check the path and that its medium is in and mounted, or begin one with "
                       "`juanzong backup init`");
  }
  std::string text = read_small_file(folder / kMarkFile, kMarkBytesMost);
  if (!text.starts_with(kMarkBegins)) {
    refuse_mark(folder, ErrorKind::archive_foreign, "the mark is not one of our backups");
  }
  const std::size_t end = std::min(text.find('\n'), text.size());
  if (text.substr(kMarkBegins.size(), end - kMarkBegins.size()) != kMarkVersion) {
    throw ArchiveError(ErrorKind::archive_foreign, folder.string(),
                       "the backup has a format this program does not know",
                       "install the newer version of juanzong that wrote it");
  }
  return text;
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    found.push_back(entry->path());
  }
  if (error) throw_disk_error(folder, "listing the folder", error.value());
  std::ranges::sort(found);
  return found;
}

void make_subfolder(Disk& disk, const fs::path& folder) {
  if (disk.make_folder(folder) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
}

std::string_view domain_of(Item item) { return item == Item::object ? "object " : "piece "; }

}  // namespace

std::string BackupRepository::begin(const fs::path& folder, const std::string& archive,
                                    const std::string& medium, const KeySource& source,
                                    Disk& disk) {
  std::error_code error;
  if (fs::exists(folder / kMarkFile, error)) {
    throw ArchiveError(ErrorKind::usage, folder.string(), "there are backups already",
                       "use them with `juanzong backup run`, or name another folder");
  }
  fs::create_directories(folder, error);
  if (error) throw_disk_error(folder, "making a folder", error.value());
  for (const fs::path& entry : sorted_entries(folder)) {
    const std::string name = entry.filename().string();
    // What an interrupted one left; and what every ext file system has at its top.
    if (std::ranges::find(kSubfolders, name) != std::end(kSubfolders) || name == "lost+found")
      continue;
    throw ArchiveError(ErrorKind::usage, folder.string(), "the folder is not empty",
                       "name a folder that is empty or does not exist");
  }
  forbid_dumps();
  for (const char* name : kSubfolders) make_subfolder(disk, folder / name);
  for (const fs::path& left : sorted_entries(folder / "keys")) disk.remove(left);
  std::array<std::byte, kRepositoryIdBytes> id{};
  random_bytes(id);
  const Mark mark{hex_of(id), archive, medium};
  const Secret master = Secret::random();
  const KeySlots keys(folder / "keys", KeyOwner::backup, mark.repository);
  keys.put(master, source, {}, disk);
  std::string recovery = keys.put_recovery(master, disk);
  const std::string lines = lines_of(mark);
  put_small_file(disk, folder / kMarkFile,
                 lines + mac_line(master, KeyOwner::backup, lines) + std::string(kMarkWords),
                 fs::perms(0440));
  return recovery;
}

BackupRepository::BackupRepository(fs::path folder, const KeySource& source, Disk& disk)
    : folder_(std::move(folder)), disk_(disk) {
  const std::string text = read_mark(folder_);
  mark_ = {value_in(text, "repository"), value_in(text, "archive"), value_in(text, "medium")};
  forbid_dumps();
  master_ = keys().open(source);
  const std::string lines = lines_of(mark_);
  if (text != lines + mac_line(master_, KeyOwner::backup, lines) + std::string(kMarkWords)) {
    refuse_mark(folder_, ErrorKind::damage, "the mark was changed after it was written");
  }
  names_ = master_.derive("juanzong backup names");
  bytes_ = master_.derive("juanzong backup bytes");
}

void BackupRepository::require_present() const { read_mark(folder_); }

void BackupRepository::prepare() {
  for (const char* name : kSubfolders) make_subfolder(disk_, folder_ / name);
  for (const fs::path& left : sorted_entries(folder_ / "tmp")) disk_.remove(left);
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char high : kDigits) {
    for (const char low : kDigits) {
      make_subfolder(disk_, folder_ / "data" / std::string{high, low});
    }
  }
  sync_folder(disk_, folder_ / "data");
  sync_folder(disk_, folder_);
}

std::string BackupRepository::name_of(Item item, const BlobId& blob) const {
  return hex_of(hmac_of(names_, std::string(domain_of(item)) + blob.text()));
}

fs::path BackupRepository::place_of(Item item, const BlobId& blob) const {
  const std::string name = name_of(item, blob);
  return fs::path("data") / name.substr(0, kFolderDigits) / name.substr(kFolderDigits);
}

bool BackupRepository::has(Item item, const BlobId& blob) const {
  std::error_code error;
  return fs::is_regular_file(folder_ / place_of(item, blob), error);
}

void BackupRepository::enter(Item item, const BlobId& blob,
                             const std::function<void(const Take& take)>& produce, bool* right) {
  TemporaryFile file(disk_, folder_ / "tmp");
  Sealer sealer(bytes_, std::string(domain_of(item)) + name_of(item, blob),
                [&file](std::span<const std::byte> bytes) { file.write(bytes); });
  Sha256 hash;
  produce([&](std::span<const std::byte> bytes) {
    if (item == Item::object) hash.add(bytes);
    sealer.add(bytes);
  });
  if (item == Item::object && hash.finish() != blob) return;
  *right = true;
  sealer.finish();
  file.seal(true);
  const fs::path target = folder_ / place_of(item, blob);
  if (disk_.rename_new(file.path(), target) != 0) {
    if (errno == EEXIST) return;
    throw_disk_error(target, "giving a file of the backup its name", errno);
  }
  file.release();
}

bool BackupRepository::put_object(const BlobId& blob,
                                  const std::function<void(const Take& take)>& produce) {
  bool right = false;
  enter(Item::object, blob, produce, &right);
  return right;
}

BlobId BackupRepository::put_piece(std::string_view bytes) {
  Sha256 hash;
  hash.add(std::as_bytes(std::span(bytes)));
  const BlobId blob = hash.finish();
  if (has(Item::piece, blob)) return blob;
  const std::string frame = compress(bytes);
  bool right = false;
  enter(
      Item::piece, blob, [&frame](const Take& take) { take(std::as_bytes(std::span(frame))); },
      &right);
  return blob;
}

SealFault BackupRepository::get_object(const BlobId& blob, const Take& take) const {
  Sha256 hash;
  const SealFault fault =
      unseal_file(folder_ / place_of(Item::object, blob), bytes_,
                  std::string(domain_of(Item::object)) + name_of(Item::object, blob),
                  [&](std::span<const std::byte> bytes) {
                    hash.add(bytes);
                    take(bytes);
                  });
  if (fault != SealFault::none) return fault;
  return hash.finish() == blob ? SealFault::none : SealFault::broken;
}

SealFault BackupRepository::get_piece(const BlobId& blob, std::string& bytes) const {
  std::string frame;
  const SealFault fault =
      unseal_file(folder_ / place_of(Item::piece, blob), bytes_,
                  std::string(domain_of(Item::piece)) + name_of(Item::piece, blob),
                  [&frame](std::span<const std::byte> piece) {
                    frame.append(reinterpret_cast<const char*>(piece.data()), piece.size());
                  });
  if (fault != SealFault::none) return fault;
  try {
    bytes = expand(frame, std::size_t{1} << 30);
  } catch (const ArchiveError&) {
    return SealFault::broken;
  }
  Sha256 hash;
  hash.add(std::as_bytes(std::span(bytes)));
  return hash.finish() == blob ? SealFault::none : SealFault::broken;
}

void BackupRepository::settle() {
  for (const fs::path& folder : data_folders()) sync_folder(disk_, folder);
}

std::vector<std::string> BackupRepository::backups() const {
  std::vector<std::string> ids;
  for (const fs::path& file : sorted_entries(folder_ / "backups")) {
    ids.push_back(file.filename().string());
  }
  return ids;
}

std::vector<std::string> BackupRepository::backups_set_aside() const {
  constexpr std::string_view kBegins = "backups";  // a file of data/ begins with two digits
  std::vector<std::string> ids;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder_ / "damaged", none)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kBegins)) ids.push_back(name.substr(kBegins.size()));
  }
  return ids;
}

fs::path BackupRepository::place_of_backup(const std::string& id) const {
  return fs::path("backups") / id;
}

void BackupRepository::put_backup(const std::string& id, std::string_view text) {
  TemporaryFile file(disk_, folder_ / "tmp");
  Sealer sealer(bytes_, "backup " + id,
                [&file](std::span<const std::byte> bytes) { file.write(bytes); });
  const std::string frame = compress(text);
  sealer.add(std::as_bytes(std::span(frame)));
  sealer.finish();
  file.seal(true);
  const fs::path target = folder_ / place_of_backup(id);
  if (disk_.rename_new(file.path(), target) != 0) {
    throw_disk_error(target, "giving the backup its name", errno);
  }
  file.release();
  sync_folder(disk_, folder_ / "backups");
}

SealFault BackupRepository::get_backup(const std::string& id, std::string& text) const {
  std::string frame;
  const SealFault fault =
      unseal_file(folder_ / place_of_backup(id), bytes_, "backup " + id,
                  [&frame](std::span<const std::byte> piece) {
                    frame.append(reinterpret_cast<const char*>(piece.data()), piece.size());
                  });
  if (fault != SealFault::none) return fault;
  try {
    text = expand(frame, std::size_t{1} << 30);
  } catch (const ArchiveError&) {
    return SealFault::broken;
  }
  return SealFault::none;
}

void BackupRepository::remove_backup(const std::string& id) {
  const fs::path file = folder_ / place_of_backup(id);
  if (disk_.remove(file) != 0 && errno != ENOENT) {
    throw_disk_error(file, "taking a backup away", errno);
  }
  sync_folder(disk_, folder_ / "backups");
}

std::vector<fs::path> BackupRepository::data_folders() const {
  return sorted_entries(folder_ / "data");
}

void BackupRepository::remove_data(const fs::path& file) {
  if (disk_.remove(file) != 0 && errno != ENOENT) {
    throw_disk_error(file, "taking a file of the backup away", errno);
  }
}

}  // namespace archive
