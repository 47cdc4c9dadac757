#include "index/xapian_shards.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "core/error.h"

// Writing happens inside a transaction that commit() ends and begins anew. Otherwise
// Xapian would flush by itself, at 10,000 changes or in a destructor, without the fsync
// of the folder that makes a commit survive a power cut.

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest";
constexpr const char* kLock = "lock";
constexpr const char* kFormat = "juanzong index 3";
constexpr const char* kFieldsKey = "fields";
constexpr const char* kLedgerKey = "ledger";
constexpr const char* kRebuild = "rebuild it with: juanzong index rebuild";
constexpr const char* kWhere = "full-text index";
constexpr std::size_t kNameMax = 16;

[[noreturn]] void throw_disk(const std::string& what, int error) {
  throw ArchiveError(ErrorKind::disk, kWhere, what + ": " + std::strerror(error),
                     "check the disk, then run: juanzong index rebuild");
}

/// Makes a file or the names of a folder durable. Tried once: after a failed fsync a second one
/// succeeds although the data are gone.
void sync(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  const int error = descriptor < 0 || ::fsync(descriptor) != 0 ? errno : 0;
  if (descriptor >= 0) ::close(descriptor);
  if (error != 0) throw_disk("it cannot be synced", error);
}
void sync_folder(const fs::path& folder) { sync(folder, O_RDONLY | O_DIRECTORY); }

bool is_missing(const fs::path& folder) {
  std::error_code error;
  return !fs::exists(folder, error) || fs::is_empty(folder, error);
}

bool is_shard_name(const std::string& name) {
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  return !name.empty() && name.size() <= kNameMax && std::ranges::all_of(name, fits);
}

/// The folder that a shard moves to when it is written anew: 2026, 2026-2, 2026-3.
std::string next_folder(const Shard& shard) {
  const std::size_t dash = shard.folder.find('-');
  const int turn = dash == std::string::npos ? 1 : std::stoi(shard.folder.substr(dash + 1));
  return shard.name + "-" + std::to_string(turn + 1);
}

}  // namespace

void throw_damaged_index(const std::string& what) {
  throw ArchiveError(ErrorKind::index, kWhere, what, kRebuild);
}

/// Xapian's words name files and blocks, never what is in them.
void rethrow_index_error(const Xapian::Error& error) {
  const std::string type = error.get_type();
  const char* cause = error.get_error_string();
  for (int disk_error : {ENOSPC, EDQUOT, EROFS, EIO}) {
    if (cause != nullptr && std::strcmp(cause, std::strerror(disk_error)) == 0) {
      throw ArchiveError(ErrorKind::disk, kWhere, error.get_msg() + ": " + cause,
                         "make room or mend the disk, then run the same command again");
    }
  }
  if (type == "DatabaseLockError") {
    throw ArchiveError(ErrorKind::archive_locked, kWhere, "another process is writing to it",
                       "wait until it has ended, then run the same command again");
  }
  if (type == "DatabaseModifiedError") {
    throw_damaged_index("it is damaged, or written faster than it can be read");
  }
  throw_damaged_index("it is damaged: " + type + ": " + error.get_msg());
}

IndexLock::IndexLock(const fs::path& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)) {
  if (descriptor_ < 0) throw_disk("its lock cannot be made", errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(descriptor_);
  descriptor_ = -1;
  throw ArchiveError(ErrorKind::archive_locked, kWhere, "another process is writing to it",
                     "wait until it has ended, then run the same command again");
}

IndexLock::~IndexLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Shards Shards::open_writer(const fs::path& index_folder) {
  Shards shards(index_folder);
  shards.writing_ = true;
  if (is_missing(index_folder)) {
    std::error_code error;
    fs::create_directories(index_folder, error);
    if (error) throw_disk("its folder cannot be made", error.value());
    shards.write_manifest();
    sync_folder(fs::absolute(index_folder).parent_path());
  }
  shards.lock_ = IndexLock(index_folder / kLock);
  shards.read_manifest();
  shards.open_all();
  if (!shards.missing_.empty()) throw_damaged_index("a part of it is damaged or not there");
  shards.remove_leftovers();
  return shards;
}

Shards Shards::open_reader(const fs::path& index_folder) {
  if (is_missing(index_folder)) throw_damaged_index("there is none");
  Shards shards(index_folder);
  shards.read_manifest();
  shards.open_all();
  if (shards.shards_.empty() && !shards.missing_.empty()) {
    throw_damaged_index("no part of it can be read");
  }
  return shards;
}

bool Shards::read_manifest() {
  std::ifstream file(folder_ / kManifest, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  if (!file) throw_damaged_index("its list of parts is not there, or of an older program");
  if (bytes.str() == manifest_) return false;

  std::string line;
  if (!std::getline(bytes, line) || line != kFormat) {
    throw_damaged_index("it was made by another version of the program");
  }
  std::vector<Shard> listed;
  bool rebuilding = false;
  while (std::getline(bytes, line)) {
    std::istringstream words(line);
    std::string word;
    Shard shard;
    words >> word >> shard.name >> shard.folder;
    if (word == "rebuilding") {
      rebuilding = true;
    } else if (word == "shard" && is_shard_name(shard.name) &&
               shard.folder.starts_with(shard.name) &&
               shard.folder.find_first_of("/.") == std::string::npos) {
      listed.push_back(std::move(shard));
    } else {
      throw_damaged_index("its list of parts is damaged");
    }
  }
  manifest_ = bytes.str();
  rebuilding_ = rebuilding;
  shards_ = std::move(listed);
  return true;
}

void Shards::write_manifest() const {
  const fs::path fresh = folder_ / (std::string(kManifest) + ".new");
  {
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << kFormat << '\n';
    for (const Shard& shard : shards_) {
      file << "shard " << shard.name << ' ' << shard.folder << '\n';
    }
    if (rebuilding_) file << "rebuilding\n";
    file.flush();
    if (!file) throw_disk("its list of parts cannot be written", errno);
  }
  sync(fresh, O_RDONLY);
  std::error_code error;
  fs::rename(fresh, folder_ / kManifest, error);
  if (error) throw_disk("its list of parts cannot be written", error.value());
  sync_folder(folder_);
}

void Shards::open_database(Shard& shard) const {
  const std::string place = (folder_ / shard.folder).string();
  if (!writing_) {
    shard.database = Xapian::Database(place);
    return;
  }
  shard.writer = std::make_unique<Xapian::WritableDatabase>(place, Xapian::DB_OPEN);
  shard.database = *shard.writer;
  shard.writer->begin_transaction();
}

void Shards::open_all() {
  missing_.clear();
  std::vector<Shard> opened;
  for (Shard& shard : shards_) {
    try {
      open_database(shard);
      read_fields(shard);
      opened.push_back(std::move(shard));
    } catch (const Xapian::DatabaseLockError&) {
      throw;
    } catch (const Xapian::Error&) {
      missing_.push_back(shard.name);
    }
  }
  shards_ = std::move(opened);
}

void Shards::reopen() {
  if (writing_) return;
  if (!missing_.empty()) manifest_.clear();  // it may be there again
  if (read_manifest()) {
    open_all();
    return;
  }
  for (Shard& shard : shards_) {
    asking(shard, [&] {
      if (shard.database.reopen()) read_fields(shard);
    });
  }
}

bool Shards::give_up(const std::string& name) {
  missing_.push_back(name);
  std::erase_if(shards_, [&](const Shard& shard) { return shard.name == name; });
  return !shards_.empty();
}

Shard& Shards::to_write(const std::string& name) {
  const std::string wanted = is_shard_name(name) ? name : "all";
  const auto found = std::ranges::find(shards_, wanted, &Shard::name);
  if (found != shards_.end()) {
    found->changed = true;
    return *found;
  }
  Shard shard;
  shard.name = shard.folder = wanted;
  const fs::path place = folder_ / shard.folder;
  fs::remove_all(place);  // what a kill left before it was in the list
  shard.writer = std::make_unique<Xapian::WritableDatabase>(place.string(), Xapian::DB_CREATE);
  shard.database = *shard.writer;
  sync_folder(place);
  shard.writer->begin_transaction();
  shard.changed = true;
  shards_.push_back(std::move(shard));
  std::ranges::sort(shards_, {}, &Shard::name);
  write_manifest();
  return *std::ranges::find(shards_, wanted, &Shard::name);
}

void Shards::commit(std::int64_t ledger_entries) {
  std::string fields;
  for (const std::string& field : fields_) fields += field + '\n';
  for (Shard& shard : shards_) {
    if (!shard.changed) continue;
    if (shard.writer->get_metadata(kFieldsKey) != fields) {
      shard.writer->set_metadata(kFieldsKey, fields);
    }
    if (ledger_entries > 0) shard.writer->set_metadata(kLedgerKey, std::to_string(ledger_entries));
    shard.writer->commit_transaction();
    sync_folder(folder_ / shard.folder);
    shard.writer->begin_transaction();
    shard.changed = false;
  }
}

void Shards::set_rebuilding(bool rebuilding) {
  if (rebuilding == rebuilding_) return;
  rebuilding_ = rebuilding;
  write_manifest();
}

void Shards::compact() {
  for (Shard& shard : shards_) {
    const std::string before = shard.folder;
    const std::string folder = next_folder(shard);
    shard.writer->commit_transaction();
    shard.database = Xapian::Database();
    shard.writer.reset();
    fs::remove_all(folder_ / folder);
    // Without the flag it would number the documents anew.
    Xapian::Database((folder_ / before).string())
        .compact((folder_ / folder).string(), Xapian::DBCOMPACT_NO_RENUMBER);
    for (const auto& file : fs::directory_iterator(folder_ / folder)) sync(file.path(), O_RDONLY);
    sync_folder(folder_ / folder);
    shard.folder = folder;
    write_manifest();
    open_database(shard);
    fs::remove_all(folder_ / before);
  }
}

void Shards::remove_leftovers() const {
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename();
    const bool is_shard = std::ranges::find(shards_, name, &Shard::folder) != shards_.end();
    if (name != kManifest && name != kLock && !is_shard) fs::remove_all(entry.path());
  }
}

void Shards::read_fields(const Shard& shard) {
  const std::string known = shard.database.get_metadata(kFieldsKey);
  for (std::size_t at = 0; at < known.size();) {
    const std::size_t end = std::min(known.find('\n', at), known.size());
    fields_.insert(known.substr(at, end - at));
    at = end + 1;
  }
}

void Shards::add_fields(const std::set<std::string>& fields) {
  fields_.insert(fields.begin(), fields.end());
}

std::int64_t Shards::ledger_entries() const {
  std::int64_t most = 0;
  for (const Shard& shard : shards_) {
    const std::string entries =
        asking(shard, [&] { return shard.database.get_metadata(kLedgerKey); });
    if (!entries.empty()) most = std::max<std::int64_t>(most, std::stoll(entries));
  }
  return most;
}

std::uint64_t Shards::pages_with(const std::string& term) const {
  std::uint64_t pages = 0;
  for (const Shard& shard : shards_) {
    pages += asking(shard, [&] { return shard.database.get_termfreq(term); });
  }
  return pages;
}

std::vector<std::string> Shards::beginning_with(const std::string& prefix,
                                                std::size_t at_most) const {
  std::set<std::string> terms;
  for (const Shard& shard : shards_) {
    asking(shard, [&] {
      std::size_t taken = 0;
      for (auto at = shard.database.allterms_begin(prefix);
           at != shard.database.allterms_end(prefix) && taken < at_most; ++at, ++taken) {
        terms.insert(*at);
      }
    });
  }
  std::vector<std::string> listed(terms.begin(), terms.end());
  if (listed.size() > at_most) listed.resize(at_most);
  return listed;
}

}  // namespace archive
