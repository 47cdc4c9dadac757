#include "store/verify_findings.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "store/objects/disk.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

struct Row {
  FindingKind kind;
  std::string_view name;
  bool damage;
  const char* advice;
};

constexpr const char* kBringBack =
    "`juanzong repair` brings it back from a replica, a backup or a medium";
constexpr const char* kRestoreRecords =
    "stop writing; `juanzong backup restore` makes the archive again in a new folder";

constexpr std::array kRows = {
    Row{FindingKind::missing_object, "missing_object", true, kBringBack},
    Row{FindingKind::wrong_bytes, "wrong_bytes", true, kBringBack},
    Row{FindingKind::empty_object, "empty_object", true, kBringBack},
    Row{FindingKind::unreadable_object, "unreadable_object", true,
        "check the disk and the rights on the file, then bring it back from a backup"},
    Row{FindingKind::stray, "stray", true,
        "find out who put it there; move it out of the object store"},
    Row{FindingKind::unreadable_folder, "unreadable_folder", true,
        "check the disk and the rights on the folder; bring it back from a backup"},
    Row{FindingKind::records_unreadable, "records_unreadable", true, kRestoreRecords},
    Row{FindingKind::records_older, "records_older", true,
        "run `juanzong status` once as the user who may write: it upgrades them; verify again "
        "then"},
    Row{FindingKind::records_damaged, "records_damaged", true, kRestoreRecords},
    Row{FindingKind::unaccounted, "unaccounted", true,
        "run `juanzong ingest` on the batch again: it works on what is missing"},
    Row{FindingKind::mark_changed, "mark_changed", true,
        "bring juanzong.format back from a backup, or from another archive of the same format"},
    Row{FindingKind::archive_keys_damaged, "archive_keys_damaged", true,
        "bring the folder `keys` back from a backup or a replica, or make the way in anew with "
        "`juanzong key change`"},
    Row{FindingKind::signing_key_damaged, "signing_key_damaged", true,
        "bring the folder `ledger` back from a backup, or move what is left of the key away, make "
        "a new "
        "one with `juanzong ledger --new-key` and say why"},
    Row{FindingKind::access_log_damaged, "access_log_damaged", true,
        "keep access/log as it is, and compare it with the one of a backup"},
    Row{FindingKind::nothing_checked, "nothing_checked", true,
        "check that this is the archive you mean and that its disk is mounted"},
    Row{FindingKind::unreferenced_object, "unreferenced_object", false,
        "nothing: a stopped run or a repeated recognition leaves such bytes"},
    Row{FindingKind::damaged_garbage, "damaged_garbage", false,
        "nothing: no record needs it, and `juanzong gc` removes it"},
    Row{FindingKind::writable_object, "writable_object", false,
        "chmod 0440, and find out who changed the mode"},
    Row{FindingKind::unfinished_file, "unfinished_file", false,
        "nothing: the next run that writes removes it"},
};

const Row& row_of(FindingKind kind) { return *std::ranges::find(kRows, kind, &Row::kind); }

bool is_derivative(std::string_view purpose) { return purpose == "layout" || purpose == "alto"; }

}  // namespace

std::string_view name_of(FindingKind kind) { return row_of(kind).name; }

bool is_damage(FindingKind kind) { return row_of(kind).damage; }

std::string advice_for(FindingKind kind, std::string_view purpose) {
  const bool about_bytes = kind == FindingKind::missing_object ||
                           kind == FindingKind::wrong_bytes || kind == FindingKind::empty_object;
  if (about_bytes && is_derivative(purpose)) {
    return "`juanzong reprocess` makes it again from the original";
  }
  if (about_bytes && purpose.starts_with("earlier")) {
    return "bring it back from a backup; the page itself has a newer reading";
  }
  if (about_bytes && purpose == "source") {
    return "bring it back from a backup, or hand the same file in again: its bytes take the "
           "place of the damaged ones";
  }
  return row_of(kind).advice;
}

FindingSink::FindingSink(const VerifyOptions& options) : options_(options) {
  if (!options.report_file) return;
  report_.open(*options.report_file, std::ios::binary | std::ios::trunc);
  if (!report_) throw_disk_error(*options.report_file, "making the report", errno);
}

void FindingSink::add(FindingKind kind, std::string object, std::string where, std::string what,
                      std::string_view purpose) {
  const std::lock_guard lock(mutex_);
  add_unlocked(kind, std::move(object), std::move(where), std::move(what), purpose);
}

void FindingSink::add_unlocked(FindingKind kind, std::string object, std::string where,
                               std::string what, std::string_view purpose) {
  const bool garbage =
      kind == FindingKind::unreferenced_object || kind == FindingKind::damaged_garbage;
  const bool damage = is_damage(kind) || (garbage && options_.unreferenced_is_damage);
  VerifyFinding finding{kind,
                        damage,
                        std::move(object),
                        std::move(where),
                        std::move(what),
                        advice_for(kind, purpose)};
  (damage ? result_.damage : result_.remarks) += 1;
  result_.by_kind[kind] += 1;
  if (report_.is_open()) {
    const Json line = {{"finding", name_of(kind)}, {"damage", damage},
                       {"object", finding.object}, {"where", finding.where},
                       {"what", finding.what},     {"what_to_do", finding.what_to_do}};
    write_line(line.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  if (result_.findings.size() < options_.findings_kept) {
    result_.findings.push_back(std::move(finding));
  }
}

void FindingSink::hold(FindingKind kind, const BlobId& blob, std::string where, std::string what) {
  const std::lock_guard lock(mutex_);
  if (held_.size() < options_.findings_kept) {
    held_.emplace(blob, Held{kind, std::move(where), std::move(what), {}});
  } else {
    add_unlocked(kind, blob.text(), std::move(where), std::move(what), {});
  }
}

void FindingSink::needed(const BlobId& blob, std::string_view purpose,
                         const std::string& referrer) {
  const std::lock_guard lock(mutex_);
  const auto held = held_.find(blob);
  if (held == held_.end() || !held->second.purpose.empty()) return;
  held->second.purpose = purpose;
  held->second.what += "; it is the " + std::string(purpose) + " of " + referrer;
}

void FindingSink::unneeded(const BlobId& blob, std::string where) {
  constexpr const char* kUnnamed = "is named by no record";
  const std::lock_guard lock(mutex_);
  if (const auto held = held_.find(blob); held != held_.end()) {
    held->second.kind = FindingKind::damaged_garbage;
    held->second.what += std::string(", and ") + kUnnamed;
    return;
  }
  add_unlocked(FindingKind::unreferenced_object, blob.text(), std::move(where), kUnnamed, {});
}

void FindingSink::release() {
  const std::lock_guard lock(mutex_);
  for (auto& [blob, held] : held_) {
    add_unlocked(held.kind, blob.text(), std::move(held.where), std::move(held.what), held.purpose);
  }
  held_.clear();
}

VerifyResult FindingSink::finish(const VerifyCounts& counts) {
  const std::lock_guard lock(mutex_);
  result_.counts = counts;
  if (report_.is_open()) {
    const Json line = {{"verified", true},          {"objects", counts.objects},
                       {"bytes", counts.bytes},     {"references", counts.references},
                       {"batches", counts.batches}, {"seconds", counts.seconds},
                       {"damage", result_.damage},  {"remarks", result_.remarks}};
    write_line(line.dump());
    report_.close();
    if (!report_) throw_disk_error(*options_.report_file, "writing the report", EIO);
  }
  std::ranges::stable_sort(result_.findings, {}, &VerifyFinding::where);
  return std::move(result_);
}

void FindingSink::write_line(const std::string& line) {
  report_ << line << '\n';
  if (!report_) throw_disk_error(*options_.report_file, "writing the report", errno);
}

}  // namespace archive
