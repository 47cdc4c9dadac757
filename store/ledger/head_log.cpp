#include "store/ledger/head_log.h"

#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "store/ledger/entry_text.h"
#include "store/objects/digest.h"
#include "store/sealing/sealed_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHeads = "heads";
constexpr const char* kLeaves = "leaves";
constexpr const char* kKeys = "keys";
constexpr std::uintmax_t kLeafBytes = sizeof(Digest);
constexpr std::uintmax_t kLineMax = 1024;  // a line of heads is shorter by half

std::uintmax_t leaf_bytes(std::int64_t entries) {
  return static_cast<std::uintmax_t>(entries) * kLeafBytes;
}

fs::path key_file_of(const LedgerPlaces& places) {
  return places.key_file.empty() ? places.folder / "signing.key" : places.key_file;
}

fs::path public_file_of(const LedgerPlaces& places, const std::string& id) {
  return places.folder / kKeys / (id + ".pem");
}

std::string text_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return in ? text.str() : "";
}

std::string part_of_file(const fs::path& file, std::uintmax_t from, std::uintmax_t bytes) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from));
  std::string part(bytes, '\0');
  in.read(part.data(), static_cast<std::streamsize>(bytes));
  part.resize(static_cast<std::size_t>(in.gcount()));
  return part;
}

std::uintmax_t size_of(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  return error ? 0 : size;
}

/// The last whole line and where it ends.
struct LastLine {
  std::string text;          // with its end; empty: there is none
  std::uintmax_t end = 0;    // of the whole lines
  std::int64_t entries = 0;  // that it is a head of
};

LastLine last_line(const fs::path& file) {
  const std::uintmax_t size = size_of(file);
  const std::uintmax_t from = size > 2 * kLineMax ? size - 2 * kLineMax : 0;
  const std::string tail = part_of_file(file, from, size - from);
  LastLine line;
  const std::size_t end = tail.rfind('\n');
  if (end == std::string::npos) return line;
  line.end = from + end + 1;
  const std::size_t before = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
  const std::size_t start = before == std::string::npos ? 0 : before + 1;
  line.text = tail.substr(start, end + 1 - start);
  if (const std::size_t tab = line.text.find('\t'); tab != std::string::npos) {
    std::from_chars(line.text.data() + tab + 1, line.text.data() + line.text.size(), line.entries);
  }
  return line;
}

void cut_to(const fs::path& file, std::uintmax_t size) {
  if (size_of(file) == size) return;
  std::error_code error;
  fs::resize_file(file, size, error);
  if (error) throw_disk_error(file, "taking away an unfinished line", error.value());
}

/// Durable when it returns; a new file's name too.
void append_bytes(Disk& disk, const fs::path& file, std::string_view bytes) {
  const bool is_new = size_of(file) == 0;
  const int fd = disk.open_append(file);
  if (fd < 0) throw_disk_error(file, "opening the file", errno);
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t wrote =
        disk.write(fd, reinterpret_cast<const std::byte*>(rest.data()), rest.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      const int error = wrote == 0 ? ENOSPC : errno;
      disk.close(fd);
      throw_disk_error(file, "writing", error);
    }
    rest.remove_prefix(static_cast<std::size_t>(wrote));
  }
  const bool synced = disk.sync(fd) == 0;
  const int error = errno;
  disk.close(fd);
  if (!synced) throw_disk_error(file, "fsync", error);
  if (is_new) sync_folder(disk, file.parent_path());
}

constexpr const char* kKeyLabel = "juanzong signing key";

// The private key as it lies in its file.
std::string stored_key(const LedgerPlaces& places, const SigningKey& key) {
  std::string text = key.private_text();
  return places.keys ? sealed_text(places.keys->ledger, kKeyLabel, text) : text;
}

SigningKey parse_key(const LedgerPlaces& places, const std::string& stored,
                     const std::string& where) {
  if (!places.keys) return SigningKey::read(stored, where);
  std::string text = unsealed_text(places.keys->ledger, kKeyLabel, stored).value_or("");
  SigningKey key = SigningKey::read(text, where);
  wipe(text);
  return key;
}

constexpr mode_t kPrivate = 0600;
constexpr mode_t kPublic = 0640;

/// Whole or not there.
void put_file(Disk& disk, const fs::path& file, std::string_view text, mode_t mode) {
  const fs::path unfinished = file.string() + ".new";
  disk.remove(unfinished);
  const int fd = disk.create(unfinished);
  if (fd < 0) throw_disk_error(unfinished, "making a file", errno);
  const bool has_mode = disk.set_mode(fd, mode) == 0;
  const int error = errno;
  disk.close(fd);
  if (!has_mode) throw_disk_error(unfinished, "setting the mode", error);
  append_bytes(disk, unfinished, text);
  if (disk.rename_over(unfinished, file) != 0) {
    throw_disk_error(file, "giving the file its name", errno);
  }
  sync_folder(disk, file.parent_path());
}

void put_public_key(Disk& disk, const LedgerPlaces& places, const SigningKey& key) {
  put_file(disk, public_file_of(places, key.id()), key.public_text(), kPublic);
}

void put_key(Disk& disk, const LedgerPlaces& places, const SigningKey& key) {
  // The public part first: a head can always be checked by a key that is there.
  put_public_key(disk, places, key);
  put_file(disk, key_file_of(places), stored_key(places, key), kPrivate);
}

// What is left of heads proves nothing, and is kept for whoever looks into it.
void put_aside(Disk& disk, const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return;
  for (int i = 1; disk.rename_new(file, file.string() + ".lost-" + std::to_string(i)) != 0; ++i) {
    if (errno != EEXIST) throw_disk_error(file, "putting the file aside", errno);
  }
  sync_folder(disk, file.parent_path());
}

void make_folder(Disk& disk, const fs::path& folder) {
  if (disk.make_folder(folder) != 0 && errno != EEXIST) {
    throw_disk_error(folder, "making a folder", errno);
  }
  sync_folder(disk, folder.parent_path());
}

}  // namespace

SigningKey HeadLog::signing_key(const LedgerPlaces& places) {
  const fs::path file = key_file_of(places);
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    throw ArchiveError(ErrorKind::damage, file.string(),
                       "the key that signs the ledger is not there",
                       "bring it back from a backup or mount its disk, or make a new key with "
                       "`juanzong ledger --new-key` and say why");
  }
  return parse_key(places, text_of_file(file), file.string());
}

void HeadLog::create(const LedgerPlaces& places, Disk& disk) {
  std::error_code error;
  if (!fs::is_directory(places.folder / kKeys, error)) {
    make_folder(disk, places.folder);
    make_folder(disk, places.folder / kKeys);
  }
  if (!fs::exists(key_file_of(places))) put_key(disk, places, SigningKey::make());
}

HeadLog::HeadLog(LedgerPlaces places, Disk& disk)
    : places_(std::move(places)), disk_(disk), key_(signing_key(places_)), key_id_(key_.id()) {
  // Any 32 bytes are a key: one that was damaged would sign what nobody can check.
  if (text_of_file(public_file_of(places_, key_id_)) != key_.public_text()) {
    throw ArchiveError(ErrorKind::damage, key_file_of(places_).string(),
                       "it is not the key of this archive: its public part is not among `keys`",
                       "bring the folder `ledger` back from a backup, or move this file away, "
                       "make a new key with `juanzong ledger --new-key` and say why");
  }
  read_heads();
}

std::string HeadLog::key_problem(const LedgerPlaces& places) {
  const fs::path file = key_file_of(places);
  std::error_code error;
  if (!fs::exists(file, error)) {
    return error || !places.key_file.empty() ? "" : "the key that signs the ledger is not there";
  }
  if (::access(file.c_str(), R_OK) != 0) return "";
  try {
    const std::string text = text_of_file(file);
    const SigningKey key = parse_key(places, text, file.string());
    if (!places.keys && key.private_text() != text) return "it is not as a key is written";
    if (text_of_file(public_file_of(places, key.id())) == key.public_text()) return "";
    return "its public part is not among `keys`";
  } catch (const ArchiveError& damaged) {
    return damaged.problem();
  }
}

HeadLog::Last HeadLog::last_in(const fs::path& folder) {
  // Heads before leaves: whoever signs meanwhile writes them the other way round.
  LastLine last = last_line(folder / kHeads);
  const fs::path leaves = folder / kLeaves;
  if (size_of(leaves) < leaf_bytes(last.entries)) {
    throw ArchiveError(ErrorKind::damage, leaves.string(),
                       "it has fewer entries than the last signed head",
                       "stop writing, run `juanzong-audit` and bring the folder `ledger` back from "
                       "a backup or from a copy outside the archive");
  }
  return {last.entries, std::move(last.text)};
}

std::string HeadLog::begin_anew(const LedgerPlaces& places, Disk& disk) {
  std::vector<fs::path> folders = places.outside;
  folders.push_back(places.folder);
  for (const fs::path& folder : folders) {
    if (last_line(folder / kHeads).entries == 0) continue;
    throw ArchiveError(ErrorKind::usage, folder.string(),
                       "there are signed heads: they are not begun anew",
                       "bring `heads`, `leaves` and `keys` from there into the folder `ledger` of "
                       "the archive; for a lost signing key there is `juanzong ledger --new-key`");
  }
  create(places, disk);
  const SigningKey key = signing_key(places);
  put_public_key(disk, places, key);
  put_aside(disk, places.folder / kHeads);
  put_aside(disk, places.folder / kLeaves);
  return key.id();
}

void HeadLog::read_heads() {
  last_ = last_in(places_.folder);
  const fs::path heads = places_.folder / kHeads;
  cut_to(heads, last_line(heads).end);
  cut_to(places_.folder / kLeaves, leaf_bytes(last_.entries));
}

void HeadLog::append(const LedgerHead& head, std::span<const Digest> leaves) {
  assert(head.size == last_.entries + static_cast<std::int64_t>(leaves.size()));
  if (failed_) {
    throw ArchiveError(ErrorKind::disk, (places_.folder / kHeads).string(),
                       "an earlier head could not be written",
                       "run the same command again: it goes on where it stopped");
  }
  failed_ = true;
  std::string bytes;
  bytes.reserve(leaves.size() * kLeafBytes);
  for (const Digest& leaf : leaves) {
    bytes.append(reinterpret_cast<const char*>(leaf.data()), leaf.size());
  }
  // Leaves first: those beyond the last head are taken away when the next process opens the files.
  append_bytes(disk_, places_.folder / kLeaves, bytes);
  const std::string text = head_text(head);
  std::string line = text + "\t" + key_id_ + "\t" + key_.sign(text) + "\n";
  append_bytes(disk_, places_.folder / kHeads, line);
  last_ = {head.size, std::move(line)};
  failed_ = false;
  copy_outside();
}

bool HeadLog::Last::root_is(const DigestPair& root) const {
  const std::string roots = "\t" + hex_of(root.sha256) + "\t" + hex_of(root.sm3) + "\t";
  return line.empty() || line.find(roots) != std::string::npos;
}

void HeadLog::change_key(SigningKey fresh) {
  put_key(disk_, places_, fresh);
  key_ = std::move(fresh);
  key_id_ = key_.id();
}

std::vector<HeadLog::Outside> HeadLog::copy_outside() {
  std::vector<Outside> all;
  for (const fs::path& folder : places_.outside) {
    try {
      all.push_back(copy_to(folder));
    } catch (const ArchiveError&) {
      // A medium that is full or was pulled out must not stop the scanning; status tells it.
      all.push_back({folder, Outside::State::unreachable, last_line(folder / kHeads).entries});
    }
  }
  return all;
}

HeadLog::Outside HeadLog::copy_to(const fs::path& folder) {
  using State = Outside::State;
  std::error_code error;
  // Not made when it is missing: it may be where a medium belongs that is not mounted now.
  if (!fs::is_directory(folder, error)) return {folder, State::unreachable, 0};
  const fs::path heads = folder / kHeads;
  const LastLine there = last_line(heads);
  const LastLine here = last_line(places_.folder / kHeads);
  if (there.end > here.end) return {folder, State::ahead, there.entries};
  const std::string same =
      part_of_file(places_.folder / kHeads, there.end - there.text.size(), there.text.size());
  if (same != there.text) return {folder, State::contradicts, there.entries};

  if (!fs::is_directory(folder / kKeys, error)) make_folder(disk_, folder / kKeys);
  for (const auto& key : fs::directory_iterator(places_.folder / kKeys)) {
    if (key.path().extension() != ".pem") continue;  // a kill left it
    const fs::path copy = folder / kKeys / key.path().filename();
    if (!fs::exists(copy)) put_file(disk_, copy, text_of_file(key.path()), kPublic);
  }
  if (there.end == here.end) return {folder, State::current, there.entries};
  const std::uintmax_t known = leaf_bytes(there.entries);
  cut_to(folder / kLeaves, known);
  cut_to(heads, there.end);
  const std::uintmax_t all = leaf_bytes(here.entries);
  append_bytes(disk_, folder / kLeaves, part_of_file(places_.folder / kLeaves, known, all - known));
  append_bytes(disk_, heads,
               part_of_file(places_.folder / kHeads, there.end, here.end - there.end));
  return {folder, State::current, here.entries};
}

}  // namespace archive
