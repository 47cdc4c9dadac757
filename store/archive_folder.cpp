#include "store/archive_folder.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>

#include "core/error.h"
#include "store/objects/disk.h"
#include "store/objects/temporary_file.h"
#include "store/records/records.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = "juanzong.format";
constexpr std::string_view kMagic = "juanzong archive ";
constexpr std::size_t kMarkBytesMax = 4096;

// What create() makes before the mark; the mark comes last and says that all is there.
constexpr std::array<std::string_view, 7> kFolders = {
    "objects", "objects/sha256", "objects/tmp", "index", "inbox", "spool", "spool/tmp"};
constexpr std::array<std::string_view, 7> kOwnNames = {
    "objects", "index", "inbox", "spool", "lock", "juanzong.toml", "ledger"};

std::string mark_text() {
  return std::string(kMagic) + std::to_string(ArchiveFolder::kVersion) +
         "\n"
         "This folder is an archive of Juanzong. Do not change anything in it by hand.\n"
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
  const ArchiveFolder archive = unmarked(absolute);
  const auto readable = fs::perms(0640);
  write_durably(archive.settings_file(), archive.spool() / "tmp", settings_text, readable);
  if (!fs::exists(absolute / "records.sqlite")) Records::create(absolute);
  archive.mark();
  return archive;
}

ArchiveFolder ArchiveFolder::unmarked(const fs::path& folder) {
  ArchiveFolder archive(fs::absolute(folder).lexically_normal());
  for (const std::string_view name : kFolders) make_folder(archive.path_ / name);
  for (const std::string_view name : kFolders) sync_folder(real_disk(), archive.path_ / name);
  return archive;
}

void ArchiveFolder::mark() const {
  write_durably(path_ / kMark, spool() / "tmp", mark_text(), fs::perms(0440));
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
  if (*version > kVersion) {
    throw ArchiveError(ErrorKind::archive_foreign, folder.string(),
                       "the archive has format " + std::to_string(*version) +
                           ", this program knows up to " + std::to_string(kVersion),
                       "install the newer version of juanzong that wrote it");
  }
  return ArchiveFolder(fs::absolute(folder).lexically_normal());
}

bool ArchiveFolder::mark_is_whole() const {
  std::ifstream file(path_ / kMark, std::ios::binary);
  const std::string mark{std::istreambuf_iterator<char>(file), {}};
  return mark == mark_text();
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
