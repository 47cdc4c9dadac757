#include "store/archive_folder.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/objects/digest.h"
#include "store/objects/disk.h"
#include "store/objects/object_store.h"
#include "store/objects/temporary_file.h"
#include "store/records/records.h"
#include "store/sealing/cipher.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = "juanzong.format";
constexpr std::string_view kMagic = "juanzong archive ";
constexpr std::size_t kMarkBytesMax = 4096;

// What create() makes before the mark; the mark comes last and says that all is there.
constexpr std::array<std::string_view, 7> kFolders = {
    "objects", "objects/sha256", "objects/tmp", "index", "inbox", "spool", "spool/tmp"};
constexpr std::string_view kPlainObjects = "objects/sha256";
constexpr std::string_view kSealedObjects = "objects/sealed";
constexpr std::array<std::string_view, 8> kOwnNames = {
    "objects", "index", "inbox", "spool", "lock", "juanzong.toml", "ledger", "keys"};

std::string mark_text(bool encrypted) {
  const int version = encrypted ? ArchiveFolder::kVersionEncrypted : ArchiveFolder::kVersion;
  return std::string(kMagic) + std::to_string(version) +
         "\n"
         "This folder is an archive of Juanzong. Do not change anything in it by hand.\n" +
         (encrypted ? "It is encrypted: keep the folder `keys`, and your key apart from it.\n"
                    : "") +
         "Its format is described in docs/STORE_FORMAT.md of the program.\n";
}

/// The version of a mark; nothing when it is not ours.
std::optional<int> version_of(std::string_view mark) {
  if (!mark.starts_with(kMagic)) return std::nullopt;
  mark.remove_prefix(kMagic.size());
  const std::string_view digits = mark.substr(0, mark.find('\n'));
  int version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (error != std::errc() || end != digits.data() + digits.size() || version < 1) {
    return std::nullopt;
  }
  return version;
}

void make_folder(const fs::path& folder) {
  if (real_disk().make_folder(folder) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
}

void write_durably(const fs::path& file, const fs::path& temporary_folder, std::string_view text,
                   fs::perms mode) {
  Disk& disk = real_disk();
  TemporaryFile temporary(disk, temporary_folder);
  temporary.write(std::as_bytes(std::span(text)));
  temporary.seal(true);
  fs::permissions(temporary.path(), mode);
  if (disk.rename_over(temporary.path(), file) != 0) {
    throw_disk_error(file, "giving the file its name", errno);
  }
  temporary.release();
  sync_folder(disk, file.parent_path());
}

void refuse_used_folder(const fs::path& folder) {
  if (fs::exists(folder / kMark)) {
    throw ArchiveError(ErrorKind::usage, folder.string(), "there is an archive already",
                       "use it, or name another folder");
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (std::ranges::find(kOwnNames, name) != kOwnNames.end()) continue;
    // Also what the database keeps beside itself while it is written.
    if (name.starts_with("records.sqlite")) continue;
    throw ArchiveError(ErrorKind::usage, folder.string(), "the folder is not empty",
                       "name a folder that is empty or does not exist");
  }
}

}  // namespace

ArchiveFolder ArchiveFolder::create(const fs::path& folder, std::string_view settings_text) {
  std::error_code error;
  const fs::path absolute = fs::absolute(folder).lexically_normal();
  fs::create_directories(absolute, error);
  if (error) throw_disk_error(absolute, "making a folder", error.value());
  refuse_used_folder(absolute);
  return fill(absolute, settings_text, false);
}

ArchiveFolder ArchiveFolder::create_encrypted(const fs::path& folder,
                                              std::string_view settings_text,
                                              const KeySource& source, std::string& recovery) {
  std::error_code error;
  const fs::path absolute = fs::absolute(folder).lexically_normal();
  fs::create_directories(absolute, error);
  if (error) throw_disk_error(absolute, "making a folder", error.value());
  refuse_used_folder(absolute);
  if (!is_encrypted(absolute) && fs::exists(absolute / "records.sqlite")) {
    throw ArchiveError(ErrorKind::usage, absolute.string(),
                       "a plain archive was begun here, and not finished",
                       "go on without --encrypt, or name another folder");
  }
  recovery = begin_keys(absolute, source);
  return fill(absolute, settings_text, true);
}

ArchiveFolder ArchiveFolder::fill(const fs::path& absolute, std::string_view settings_text,
                                  bool encrypted) {
  const ArchiveFolder archive = unmarked(absolute, encrypted);
  const auto readable = fs::perms(0640);
  write_durably(archive.settings_file(), archive.spool() / "tmp", settings_text, readable);
  if (!fs::exists(absolute / "records.sqlite")) Records::create(absolute);
  archive.mark();
  return archive;
}

ArchiveFolder ArchiveFolder::unmarked(const fs::path& folder, bool encrypted) {
  ArchiveFolder archive(fs::absolute(folder).lexically_normal());
  std::vector<fs::path> folders;
  for (const std::string_view name : kFolders) {
    folders.push_back(archive.path_ / (encrypted && name == kPlainObjects ? kSealedObjects : name));
  }
  for (const fs::path& made : folders) make_folder(made);
  for (const fs::path& made : folders) sync_folder(real_disk(), made);
  return archive;
}

void ArchiveFolder::mark() const {
  write_durably(path_ / kMark, spool() / "tmp", mark_text(encrypted()), fs::perms(0440));
  if (path_.has_parent_path()) sync_folder(real_disk(), path_.parent_path());
}

bool ArchiveFolder::is_marked(const fs::path& folder) { return fs::exists(folder / kMark); }

ArchiveFolder ArchiveFolder::open(const fs::path& folder) {
  std::ifstream file(folder / kMark, std::ios::binary);
  if (!file) {
    throw ArchiveError(ErrorKind::archive_missing, folder.string(), "there is no archive here",
                       "check the path and that its disk is mounted, or make an archive with "
                       "`juanzong init`");
  }
  std::string mark(kMarkBytesMax, '\0');
  file.read(mark.data(), static_cast<std::streamsize>(mark.size()));
  mark.resize(static_cast<std::size_t>(file.gcount()));
  const auto version = version_of(mark);
  if (!version) {
    throw ArchiveError(ErrorKind::archive_foreign, (folder / kMark).string(),
                       "the mark is not one of an archive of this program",
                       "check the path; if the file was damaged, bring it back from a backup");
  }
  if (*version > kVersionEncrypted) {
    throw ArchiveError(ErrorKind::archive_foreign, folder.string(),
                       "the archive has format " + std::to_string(*version) +
                           ", this program knows up to " + std::to_string(kVersionEncrypted),
                       "install the newer version of juanzong that wrote it");
  }
  if (*version == kVersionEncrypted && !is_encrypted(folder)) {
    throw ArchiveError(ErrorKind::damage, folder.string(),
                       "the archive is encrypted, and its folder `keys` is gone",
                       "bring it back from a backup or a replica; without it nothing opens it");
  }
  return ArchiveFolder(fs::absolute(folder).lexically_normal());
}

bool ArchiveFolder::mark_is_whole() const {
  std::ifstream file(path_ / kMark, std::ios::binary);
  const std::string mark{std::istreambuf_iterator<char>(file), {}};
  return mark == mark_text(encrypted());
}

fs::path ArchiveFolder::index(const fs::path& elsewhere) const {
  if (elsewhere.empty()) return index();
  constexpr std::size_t kDigits = 16;
  const std::string name(hash_of(path_.string()).hex().substr(0, kDigits));
  return elsewhere / ("juanzong-index-" + name);
}

fs::path ArchiveFolder::workplace() const {
  if (!encrypted()) return spool();
  const fs::path memory = "/dev/shm";
  struct statfs state {};
  if (::statfs(memory.c_str(), &state) != 0 || state.f_type != TMPFS_MAGIC) {
    throw ArchiveError(ErrorKind::disk, memory.string(),
                       "there is no folder in memory, and plain bytes of an encrypted archive are "
                       "put nowhere else",
                       "mount a tmpfs there");
  }
  // By the archive's keys: nobody else can guess the name and take it first.
  const std::string name =
      hex_of(hmac_of(keys_of(path_)->names, "juanzong workplace " + path_.string()));
  fs::path folder = memory / ("juanzong-" + name.substr(0, 32));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
  struct stat owner {};
  if (::lstat(folder.c_str(), &owner) != 0 || !S_ISDIR(owner.st_mode) ||
      owner.st_uid != ::geteuid() || (owner.st_mode & 077) != 0) {
    throw ArchiveError(ErrorKind::disk, folder.string(), "it belongs to somebody else",
                       "find out who made it, and remove it");
  }
  return folder;
}

std::uint64_t free_bytes(const fs::path& folder) {
  struct statvfs state {};
  if (::statvfs(folder.c_str(), &state) != 0) {
    throw_disk_error(folder, "asking for the free space", errno);
  }
  return static_cast<std::uint64_t>(state.f_bavail) * state.f_frsize;
}

void require_free_space(const fs::path& folder, std::uint64_t bytes_min) {
  const std::uint64_t bytes = free_bytes(folder);
  if (bytes >= bytes_min) return;
  throw ArchiveError(ErrorKind::disk, folder.string(),
                     std::to_string(bytes >> 20) + " MiB are free, " +
                         std::to_string(bytes_min >> 20) + " MiB are needed",
                     "free some space; then run the same command again");
}

}  // namespace archive
