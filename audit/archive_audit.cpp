#include "audit/archive_audit.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "audit/entries.h"
#include "audit/heads.h"
#include "audit/journal.h"
#include "audit/merkle.h"
#include "audit/objects.h"
#include "audit/replay.h"
#include "audit/sealed_records.h"
#include "audit/sealing.h"
#include "audit/tables.h"
#include "core/ledger.h"

namespace archive::audit {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string place_of(const HeadsFolder& folder, std::int64_t line) {
  return (folder.folder / "heads").string() + ":" + std::to_string(line);
}

/// The roots of the entries at the sizes that somebody signed.
struct Roots {
  Digest sha256{};
  Digest sm3{};
};

class Audit {
 public:
  Audit(const fs::path& archive, const AuditOptions& options)
      : archive_(archive), options_(options) {}

  AuditReport run();

 private:
  void find(std::string kind, std::string where, std::string what) {
    report_.findings.push_back({std::move(kind), std::move(where), std::move(what)});
  }
  void read_all_heads();
  void find_key();
  RecordsFile open_records();
  bool take_signature(const SignedHead& head, const std::string& where);
  void check_signatures(const HeadsFolder& folder);
  void check_files(const HeadsFolder& folder);
  void check_digest(RecordsFile& records, const std::string& key, const std::string& row);
  void check_tree(RecordsFile& records);
  void check_numbers(RecordsFile& records);
  void read_entries(RecordsFile& records);
  void take_entry(const RecordsFile::Event& event);
  void check_leaves(const HeadsFolder& folder);
  void check_heads(const HeadsFolder& folder);
  void check_keys();
  void tell_lost_heads();
  void name_wrong_entry(std::int64_t number, const std::string& where);
  void compare_tables(RecordsFile& records);

  fs::path archive_;
  AuditOptions options_;
  AuditReport report_;
  std::vector<HeadsFolder> folders_;  // the archive's own first
  std::set<std::int64_t> wanted_sizes_;
  std::map<std::int64_t, Roots> roots_;
  RunningRoot sha256_{Function::sha256};
  RunningRoot sm3_{Function::sm3};
  std::vector<Digest> leaves_;
  std::map<std::string, std::int64_t> brought_in_;  // key id to the entry that names it
  std::map<std::int64_t, std::string> begun_anew_;  // entry to who says why heads were lost
  std::int64_t missing_from_ = 0;
  std::optional<SecretKey> master_;  // of an encrypted archive
  bool locked_ = false;              // encrypted, and without a key
  Replay replay_;
  std::set<std::string> objects_;
};

void Audit::read_all_heads() {
  folders_.push_back(read_heads(archive_ / "ledger"));
  for (const fs::path& folder : options_.outside) folders_.push_back(read_heads(folder));
  for (const HeadsFolder& folder : folders_) {
    if (folder.heads.empty()) {
      find("ledger_missing", folder.folder.string(), "there are no signed heads");
    }
    for (const std::int64_t line : folder.broken_lines) {
      find("head_broken", place_of(folder, line), "this line is no signed head");
    }
    for (const SignedHead& head : folder.heads) wanted_sizes_.insert(head.size);
    check_files(folder);
  }
}

void Audit::find_key() {
  if (!is_encrypted(archive_)) return;
  try {
    master_ = options_.master.empty() ? master_key(archive_, options_.way_in) : options_.master;
  } catch (const std::exception& error) {
    locked_ = true;
    find("key_missing", archive_.string(),
         std::string(error.what()) +
             ": entries, tables and objects were not checked; signatures, and what the leaves "
             "beside "
             "them say, were");
  }
}

RecordsFile Audit::open_records() {
  const fs::path file = archive_ / "records.sqlite";
  const auto remark = [this, &file](const std::string& left) {
    if (!left.empty()) report_.remarks.push_back(file.string() + "-wal: " + left);
  };
  if (!master_) {
    RecordsFile records(file);
    remark(journal_left(file.string() + "-wal"));
    return records;
  }
  RecordsImage image = read_sealed_records(file, *master_);
  remark(image.journal_left);
  for (const std::uint64_t page : image.broken) {
    find("records_damaged", file.string(),
         "page " + std::to_string(page) + " is not as it was written");
  }
  return RecordsFile(std::move(image.database));
}

// Counts a head whose signature holds, and tells of one whose does not.
bool Audit::take_signature(const SignedHead& head, const std::string& where) {
  if (head.signature_holds) {
    ++report_.heads;
  } else {
    find("head_forged", where, "the signature does not hold by the key " + head.key_id);
  }
  return head.signature_holds;
}

// All that can be told of an archive whose contents nobody opens: that somebody with the key signed
// these heads, that each goes on from the one before, and that the copies outside say the same.
void Audit::check_signatures(const HeadsFolder& folder) {
  RunningRoot root(Function::sha256);
  auto leaf = folder.leaves.begin();
  for (const SignedHead& head : folder.heads) {
    const std::string where = place_of(folder, head.line);
    if (!take_signature(head, where)) continue;
    while (root.size() < head.size && leaf != folder.leaves.end()) root.add(*leaf++);
    if (head.size > 0 && (root.size() != head.size || root.root() != head.sha256)) {
      find("leaves_contradict", where, "the leaves do not give the root that was signed");
    }
  }
  const auto& own = folders_.front().leaves;
  const std::int64_t signed_size = folder.heads.empty() ? 0 : folder.heads.back().size;
  const std::size_t common =
      std::min({own.size(), folder.leaves.size(), static_cast<std::size_t>(signed_size)});
  if (!std::equal(own.begin(), own.begin() + static_cast<long>(common), folder.leaves.begin())) {
    find("head_contradicts", folder.folder.string(), "its leaves are not those of the archive");
  }
}

// What the heads do not answer for.
void Audit::check_files(const HeadsFolder& folder) {
  for (const fs::path& key : folder.damaged_keys) {
    find("key_damaged", key.string(), "it is not the text of the key that it is named after");
  }
  const auto remark = [this](const fs::path& file, const std::string& what) {
    report_.remarks.push_back(file.string() + ": " + what +
                              ": what a kill or a power cut leaves, or damage");
  };
  if (folder.unfinished_bytes > 0 && folder.broken_lines.empty()) {
    remark(folder.folder / "heads",
           std::to_string(folder.unfinished_bytes) + " bytes after its last whole line");
  }
  const std::int64_t signed_size = folder.heads.empty() ? 0 : folder.heads.back().size;
  const auto expected = static_cast<std::uint64_t>(signed_size) * sizeof(Digest);
  if (folder.leaf_bytes > expected) {
    remark(folder.folder / "leaves",
           std::to_string(folder.leaf_bytes - expected) + " bytes beyond the last head");
  }
}

void Audit::take_entry(const RecordsFile::Event& event) {
  const std::int64_t expected = sha256_.size() + 1;
  if (event.number != expected && missing_from_ == 0) {
    missing_from_ = expected;
    find("entry_missing", "entry " + std::to_string(expected),
         "the next entry has the number " + std::to_string(event.number));
    name_wrong_entry(expected, "");
  }
  const auto changes = expanded(event.changes);
  if (!changes || (!event.changes.empty() && changes->empty())) {
    find("entry_changed", "entry " + std::to_string(event.number),
         "the changes it carries cannot be read");
    name_wrong_entry(event.number, "");
  }
  const std::string text = leaf_text(event, changes.value_or(""));
  leaves_.push_back(sha256_.leaf_of(text));
  sha256_.add(leaves_.back());
  sm3_.add(sm3_.leaf_of(text));
  if (wanted_sizes_.contains(sha256_.size())) {
    roots_[sha256_.size()] = {sha256_.root(), sm3_.root()};
  }
  if (event.action == "signing_key_changed") {
    const auto details = nlohmann::json::parse(event.details, nullptr, false);
    if (details.is_object() && details.contains("key") && details["key"].is_string()) {
      brought_in_.emplace(details["key"].get<std::string>(), event.number);
    }
  }
  if (event.action == kHeadsBegunAnew) {
    begun_anew_[event.number] =
        event.happened_at + ", " + event.who + " (" + event.post + "): " + event.reason;
  }
  if (const std::string wrong = replay_.apply(changes.value_or("")); !wrong.empty()) {
    find("history_contradicts", "entry " + std::to_string(event.number), wrong);
    name_wrong_entry(event.number, "");
  }
}

void Audit::name_wrong_entry(std::int64_t number, const std::string& where) {
  if (report_.first_wrong_entry == 0 || number < report_.first_wrong_entry) {
    report_.first_wrong_entry = number;
  }
  if (where.empty()) return;
  const bool missing = number > static_cast<std::int64_t>(leaves_.size());
  find(missing ? "entry_missing" : "entry_changed", "entry " + std::to_string(number),
       (missing ? "it is not in the records, but " : "it is not the entry that ") + where +
           (missing ? " has its leaf" : " has"));
}

void Audit::read_entries(RecordsFile& records) {
  records.for_each_event([this](const RecordsFile::Event& event) { take_entry(event); });
  report_.entries = sha256_.size();
  if (report_.entries == 0) find("nothing_checked", archive_.string(), "the ledger has no entry");
}

// The leaves that were kept with the heads tell exactly which entry is another now.
void Audit::check_leaves(const HeadsFolder& folder) {
  RunningRoot root(Function::sha256);
  std::size_t next = 0;
  std::set<std::int64_t> sizes;
  for (const SignedHead& head : folder.heads) sizes.insert(head.size);
  bool fit = true;
  for (const Digest& leaf : folder.leaves) {
    root.add(leaf);
    if (!sizes.contains(root.size())) continue;
    for (; next < folder.heads.size() && folder.heads[next].size <= root.size(); ++next) {
      if (folder.heads[next].size == root.size()) {
        fit = fit && folder.heads[next].sha256 == root.root();
      }
    }
  }
  if (!fit || next < folder.heads.size()) {
    find("leaves_contradict", (folder.folder / "leaves").string(),
         "they do not give the roots that were signed beside them");
  }
  // Leaves beyond the last head are what a kill left between the two files, or a power cut, which
  // may leave anything in their place.
  const std::int64_t signed_size = folder.heads.empty() ? 0 : folder.heads.back().size;
  const std::size_t common =
      std::min({folder.leaves.size(), leaves_.size(), static_cast<std::size_t>(signed_size)});
  const auto differs = std::mismatch(leaves_.begin(), leaves_.begin() + static_cast<long>(common),
                                     folder.leaves.begin());
  const auto same = static_cast<std::size_t>(differs.first - leaves_.begin());
  if (same < common || static_cast<std::int64_t>(leaves_.size()) < signed_size) {
    name_wrong_entry(static_cast<std::int64_t>(same) + 1, folder.folder.string());
  }
}

void Audit::check_heads(const HeadsFolder& folder) {
  std::int64_t before = 0;
  for (const SignedHead& head : folder.heads) {
    const std::string where = place_of(folder, head.line);
    if (!take_signature(head, where)) continue;
    if (head.size < before) find("head_contradicts", where, "it covers less than the one before");
    before = std::max(before, head.size);
    if (head.size == 0) continue;
    const auto root = roots_.find(head.size);
    if (root == roots_.end()) {
      find("head_contradicts", where,
           "it covers " + std::to_string(head.size) + " entries, the ledger has " +
               std::to_string(report_.entries));
    } else if (root->second.sha256 != head.sha256 || root->second.sm3 != head.sm3) {
      find("head_contradicts", where,
           "the first " + std::to_string(head.size) + " entries are not those that were signed");
    }
  }
}

// Whose signatures count: the pinned key, else the first one outside, else the archive's own first
// one; and every key that an entry under one of them brings in.
void Audit::check_keys() {
  std::set<std::string> trusted;
  if (options_.key) {
    const auto key = PublicKey::read(text_of(*options_.key));
    if (!key) throw std::runtime_error(options_.key->string() + ": this is no Ed25519 public key");
    trusted.insert(key->id());
  } else {
    const bool has_outside = folders_.size() > 1;
    if (!has_outside) {
      report_.remarks.emplace_back(
          "no heads from outside and no key were given: whoever has the signing key could have "
          "written all of this anew");
    }
    for (std::size_t i = has_outside ? 1 : 0; i < folders_.size(); ++i) {
      if (!folders_[i].heads.empty()) trusted.insert(folders_[i].heads.front().key_id);
    }
  }
  std::set<std::string> told;
  for (const HeadsFolder& folder : folders_) {
    for (const SignedHead& head : folder.heads) {
      // A key counts from the moment that a trusted one signed the entry that brings it in.
      if (trusted.contains(head.key_id)) {
        for (const auto& [id, entry] : brought_in_) {
          if (head.signature_holds && entry <= head.size) trusted.insert(id);
        }
      } else if (told.insert(folder.folder.string() + head.key_id).second) {
        find("key_unproven", (folder.folder / "heads").string() + ":" + std::to_string(head.line),
             "no trusted key brought in the key " + head.key_id);
      }
    }
  }
}

// Heads that were begun anew cover whatever was there then. What was signed before is told by heads
// alone that somebody else kept from that time.
void Audit::tell_lost_heads() {
  for (const auto& [entry, said] : begun_anew_) {
    std::int64_t proven = 0;
    for (std::size_t i = 1; i < folders_.size(); ++i) {
      for (const SignedHead& head : folders_[i].heads) {
        const auto root = roots_.find(head.size);
        const bool holds = head.signature_holds && head.size < entry && root != roots_.end() &&
                           root->second.sha256 == head.sha256 && root->second.sm3 == head.sm3;
        if (holds) proven = std::max(proven, head.size);
      }
    }
    report_.remarks.push_back("entry " + std::to_string(entry) +
                              ": signed heads were begun anew, the earlier ones being lost (" +
                              said + "). Heads from outside prove the first " +
                              std::to_string(proven) + " of the " + std::to_string(entry - 1) +
                              " entries before it; the archive alone proves none of them");
  }
}

// What the ledger covers by a digest alone.
void Audit::check_digest(RecordsFile& records, const std::string& key, const std::string& row) {
  const std::string digest_of_row = row.substr(std::min(row.find('\'') + 1, row.size()));
  if (key == "@what='schema_version") {
    if (digest_of_row == hex(digest(Function::sha256, records.schema_text()))) return;
    find("row_changed", "schema_version in records.sqlite", "it is not what the ledger says");
  } else if (key == "@what='settings") {
    const fs::path file = archive_ / "juanzong.toml";
    std::uint64_t bytes = 0;
    const auto now = digest_of_file(file, bytes);
    if (now && hex(*now) == digest_of_row) return;
    report_.remarks.push_back(file.string() +
                              ": it is not what the archive was last written with: somebody "
                              "changed it since, or it is damaged");
  }
}

// What the writer goes on from: nobody signs it, and damaged it would spoil every head to come.
void Audit::check_tree(RecordsFile& records) {
  const RecordsFile::Tree tree = records.tree();
  const auto fits = [&tree](RunningRoot& root, const std::string& peaks) {
    return tree.entries == root.size() && root.peaks() == peaks;
  };
  if (fits(sha256_, tree.sha256_peaks) && fits(sm3_, tree.sm3_peaks)) return;
  find("tree_contradicts", "ledger_tree in records.sqlite",
       "it is not the tree over the entries: what is signed next would contradict them");
}

// Numbers are given once and never again. Some are skipped: by a row that was there already.
void Audit::check_numbers(RecordsFile& records) {
  records.for_each_number([this](const std::string& table, std::int64_t last) {
    const std::int64_t known = table == "events" ? sha256_.size() : replay_.last_number(table);
    if (last >= known) return;
    find("number_contradicts", "the numbers of " + table + " in records.sqlite",
         std::to_string(known) + " was given, and the next would be " + std::to_string(last + 1));
  });
}

void Audit::compare_tables(RecordsFile& records) {
  for (const std::string& table : records.tables()) {
    records.for_each_row(table, [&](const std::string& key, const std::string& rest) {
      ++report_.rows;
      add_object_names(rest, objects_);
      if (table == "kept_digests") check_digest(records, key, rest);
      const Replay::Row row = replay_.take(table, key, rest);
      if (row == Replay::Row::same) return;
      const bool known = row == Replay::Row::different;
      find(known ? "row_changed" : "row_added", table + " " + key,
           known ? "it is not what the ledger says" : "no entry of the ledger adds it");
    });
  }
  replay_.for_each_left([this](const std::string& table, const std::string& key) {
    find("row_missing", table + " " + key, "the ledger says that it is there");
  });
}

AuditReport Audit::run() {
  const Clock::time_point start = Clock::now();
  if (!fs::exists(archive_ / "juanzong.format")) {
    throw std::runtime_error(archive_.string() +
                             ": there is no archive here (check the path and that its disk is "
                             "mounted)");
  }
  read_all_heads();
  find_key();
  if (locked_) {
    for (const HeadsFolder& folder : folders_) check_signatures(folder);
    report_.outside = static_cast<std::int64_t>(folders_.size()) - 1;
    report_.seconds = seconds_since(start);
    return std::move(report_);
  }
  try {
    RecordsFile records = open_records();
    for (const std::string& line : records.damage()) {
      find("records_damaged", (archive_ / "records.sqlite").string(), line);
    }
    read_entries(records);
    for (const HeadsFolder& folder : folders_) {
      check_leaves(folder);
      check_heads(folder);
    }
    check_keys();
    tell_lost_heads();
    check_tree(records);
    check_numbers(records);
    compare_tables(records);
  } catch (const UnreadableRecords& error) {
    find("records_unreadable", (archive_ / "records.sqlite").string(), error.what());
  }
  const auto& own = folders_.front().heads;
  report_.outside = static_cast<std::int64_t>(folders_.size()) - 1;
  report_.unsigned_entries =
      std::max<std::int64_t>(0, report_.entries - (own.empty() ? 0 : own.back().size));
  if (report_.unsigned_entries > 0) {
    report_.remarks.push_back(std::to_string(report_.unsigned_entries) +
                              " entries are under no signed head yet");
  }
  report_.ledger_seconds = seconds_since(start);
  if (options_.objects) {
    const ObjectCounts counts =
        check_objects(archive_ / "objects", objects_, master_, options_.threads,
                      [this](const char* kind, const std::string& where, const std::string& what) {
                        find(kind, where, what);
                      });
    report_.objects = counts.objects;
    report_.object_bytes = counts.bytes;
  }
  report_.seconds = seconds_since(start);
  return std::move(report_);
}

}  // namespace

AuditReport audit_archive(const fs::path& archive, const AuditOptions& options) {
  return Audit(archive, options).run();
}

}  // namespace archive::audit
