#include "store/sealing/keyring.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <utility>

#include "core/error.h"
#include "store/objects/digest.h"
#include "store/objects/small_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeys = "keys";
constexpr const char* kKeysMark = "mark";
constexpr std::string_view kKeysBegin = "juanzong archive keys 1\nid ";
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kSmallMost = 4096;

struct Ring {
  std::mutex mutex;  // guards what follows
  KeySource source;
  std::function<KeySource()> ask;
  std::map<std::string, ArchiveKeysPtr> by_id;
};

Ring& ring() {
  static Ring process;
  return process;
}

fs::path mark_in(const fs::path& folder) { return folder / kKeys / kKeysMark; }

std::string mark_of(const fs::path& folder) { return read_small_file(mark_in(folder), kSmallMost); }

std::string id_in(const std::string& mark, const fs::path& folder) {
  const std::size_t at = kKeysBegin.size();
  if (mark.starts_with(kKeysBegin) && mark.size() > at + 2 * kIdBytes &&
      mark[at + 2 * kIdBytes] == '\n') {
    return mark.substr(at, 2 * kIdBytes);
  }
  throw ArchiveError(ErrorKind::damage, mark_in(folder).string(),
                     "it is not the mark of an archive's keys, or of a newer program",
                     "bring the folder `keys` back from a backup or a replica");
}

std::string mark_text(const std::string& id, const Secret& master) {
  const std::string lines = std::string(kKeysBegin) + id + "\n";
  return lines + mac_line(master, KeyOwner::archive, lines);
}

void require_mark(const std::string& mark, const Secret& master, const fs::path& folder) {
  if (mark == mark_text(id_in(mark, folder), master)) return;
  throw ArchiveError(ErrorKind::damage, mark_in(folder).string(), "it is not as it was written",
                     "bring the folder `keys` back from a backup or a replica");
}

void make_keys_folder(const fs::path& folder) {
  if (real_disk().make_folder(folder / kKeys) != 0 && errno != EEXIST) {
    throw_disk_error(folder / kKeys, "making a folder", errno);
  }
  sync_folder(real_disk(), folder);
}

KeySlots slots_of(const fs::path& folder, const std::string& id) {
  return {folder / kKeys, KeyOwner::archive, id};
}

}  // namespace

ArchiveKeys::ArchiveKeys(const Secret& master_key)
    : master(master_key),
      names(master.derive("juanzong archive names")),
      objects(master.derive("juanzong archive objects")),
      records(master.derive("juanzong archive records")),
      ledger(master.derive("juanzong archive ledger")) {}

void unlock_by(const KeySource& source, std::function<KeySource()> ask) {
  Ring& keys = ring();
  const std::lock_guard lock(keys.mutex);
  keys.source = source;
  keys.ask = std::move(ask);
  keys.by_id.clear();
}

bool is_encrypted(const fs::path& folder) {
  std::error_code error;
  return !folder.empty() && fs::exists(mark_in(folder), error);
}

ArchiveKeysPtr keys_of(const fs::path& folder) {
  if (!is_encrypted(folder)) return nullptr;
  const std::string mark = mark_of(folder);
  const std::string id = id_in(mark, folder);
  Ring& keys = ring();
  const std::lock_guard lock(keys.mutex);
  ArchiveKeysPtr& known = keys.by_id[id];
  if (!known) {
    forbid_dumps();
    if (!keys.source.named() && keys.ask) keys.source = keys.ask();
    const Secret master = slots_of(folder, id).open(keys.source);
    require_mark(mark, master, folder);
    known = std::make_shared<const ArchiveKeys>(master);
  }
  return known;
}

std::string begin_keys(const fs::path& folder, const KeySource& source,
                       const PassphraseCost& cost) {
  forbid_dumps();
  make_keys_folder(folder);
  if (is_encrypted(folder)) {
    // Of an init that was stopped: nobody saw its recovery key to the end.
    const std::string id = id_in(mark_of(folder), folder);
    const Secret master = slots_of(folder, id).open(source);
    add_keys(folder, master);
    return slots_of(folder, id).put_recovery(master);
  }
  std::array<std::byte, kIdBytes> random{};
  random_bytes(random);
  const std::string id = hex_of(random);
  const Secret master = Secret::random();
  const KeySlots slots = slots_of(folder, id);
  for (const KeySlots::WayIn& left : slots.ways_in()) real_disk().remove(left.file);
  slots.put(master, source, cost);
  std::string recovery = slots.put_recovery(master);
  put_small_file(real_disk(), mark_in(folder), mark_text(id, master), fs::perms(0440));
  add_keys(folder, master);
  return recovery;
}

KeySlots key_slots_of(const fs::path& folder) {
  return slots_of(folder, id_in(mark_of(folder), folder));
}

void share_keys(const fs::path& from, const fs::path& to, bool ways_in) {
  make_keys_folder(to);
  std::vector<fs::path> wanted;
  if (ways_in) {
    for (const KeySlots::WayIn& way : key_slots_of(from).ways_in()) wanted.push_back(way.file);
  }
  // The mark last: it says that the keys are there.
  wanted.push_back(mark_in(from));
  for (const fs::path& file : wanted) {
    const std::string text = read_small_file(file, kSmallMost);
    const fs::path copy = to / kKeys / file.filename();
    if (read_small_file(copy, kSmallMost) == text) continue;
    put_small_file(real_disk(), copy, text, fs::perms(0440));
  }
  if (!ways_in) return;
  for (const KeySlots::WayIn& way : key_slots_of(to).ways_in()) {
    if (std::ranges::find(wanted, from / kKeys / way.file.filename()) == wanted.end()) {
      real_disk().remove(way.file);
    }
  }
}

void add_keys(const fs::path& folder, const Secret& master) {
  const std::string mark = mark_of(folder);
  require_mark(mark, master, folder);
  forbid_dumps();
  Ring& keys = ring();
  const std::lock_guard lock(keys.mutex);
  keys.by_id[id_in(mark, folder)] = std::make_shared<const ArchiveKeys>(master);
}

std::vector<std::string> key_problems(const fs::path& folder) {
  const ArchiveKeysPtr keys = keys_of(folder);
  if (!keys) return {};
  const KeySlots slots = key_slots_of(folder);
  std::vector<std::string> problems;
  for (const std::string& name : slots.damaged(keys->master)) {
    problems.push_back("keys/" + name + " is not as it was written");
  }
  const auto ways = slots.ways_in();
  const auto has = [&ways](std::string_view kind) {
    return std::ranges::find(ways, kind, &KeySlots::WayIn::kind) != ways.end();
  };
  if (!has("recovery")) problems.emplace_back("there is no recovery key");
  if (!has("keyfile") && !has("passphrase")) {
    problems.emplace_back("there is neither a key file nor a passphrase");
  }
  return problems;
}

std::vector<std::string> unfinished_key_changes(const fs::path& folder) {
  std::vector<std::string> found;
  if (!is_encrypted(folder)) return found;
  const auto ways = key_slots_of(folder).ways_in();
  for (const char* kind : {"keyfile", "passphrase", "recovery"}) {
    if (std::ranges::count(ways, kind, &KeySlots::WayIn::kind) < 2) continue;
    found.push_back(std::string("a change of the ") + kind +
                    " was stopped, and the old one opens still: change it again");
  }
  return found;
}

}  // namespace archive
