#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/blob_id.h"

namespace archive {

/// What verify() can find. The names (name_of) are stable: they stand in reports.
enum class FindingKind {
  // Damage: something that was promised is not there, or not as it was.
  missing_object,       ///< the records refer to bytes that are gone
  wrong_bytes,          ///< the bytes do not agree with the object's name
  empty_object,         ///< length 0, as a power cut leaves it
  unreadable_object,    ///< the disk or the rights refuse
  stray,                ///< something in the object store that is no object
  unreadable_folder,    ///< a folder of the object store cannot be listed
  records_unreadable,   ///< records.sqlite is gone or cannot be read to its end
  records_older,        ///< they are of an older schema, and wait to be upgraded
  records_damaged,      ///< the database's own checks, or references inside it
  unaccounted,          ///< a closed batch with pages neither filed nor set aside
  mark_changed,         ///< juanzong.format is not what was written
  archive_keys_damaged,  ///< of an encrypted archive: a way into it is damaged or missing
  signing_key_damaged,  ///< the key that signs the ledger is not the one it was
  access_log_damaged,   ///< who saw what is not as it was written, or not as the ledger notes it
  nothing_checked,      ///< there was nothing to verify: that is no success
  // Remarks: to be looked at, nothing is lost.
  unreferenced_object,  ///< sound bytes that no record names, such as after a kill
  damaged_garbage,      ///< bytes that are not as they were, and that no record names
  writable_object,      ///< the mode lets somebody write
  unfinished_file,      ///< a leftover in objects/tmp
};

std::string_view name_of(FindingKind kind);

struct VerifyFinding {
  FindingKind kind = FindingKind::missing_object;
  bool damage = true;
  std::string object;  ///< BlobId, or "" when it is about something else
  std::string where;   ///< file, or row of the records
  std::string what;
  std::string what_to_do;
};

struct VerifyCounts {
  std::int64_t objects = 0;  ///< re-read and re-hashed
  std::int64_t bytes = 0;
  std::int64_t references = 0;  ///< from records to objects
  std::int64_t batches = 0;
  double seconds = 0;
};

struct VerifyResult {
  VerifyCounts counts;
  std::int64_t damage = 0;   ///< number of findings that are damage
  std::int64_t remarks = 0;  ///< number of all others
  std::map<FindingKind, std::int64_t> by_kind;
  /// In the order of their places; the first VerifyOptions::findings_kept of them.
  std::vector<VerifyFinding> findings;

  bool sound() const { return damage == 0; }
};

struct VerifyOptions {
  int threads = 2;  ///< that re-hash objects
  bool unreferenced_is_damage = false;
  std::size_t findings_kept = 100'000;
  /// Where the report goes, complete and as it comes: one JSON object a line, a finding
  /// each, and a last one with the counts, without which the report is not whole.
  std::optional<std::filesystem::path> report_file;
  std::filesystem::path key_file;  ///< that signs the ledger, where it lies outside the archive
  /// Called about five times a second with what is done so far.
  std::function<void(const VerifyCounts&)> progress;
};

/// Looks at everything in an archive: re-hashes every object, follows every reference
/// both ways, lets the database check itself, and counts the pages of every closed
/// batch. Goes on after damage, so that one run lists all of it. Changes nothing, and
/// may run beside a writer: what was being written meanwhile is not taken for damage.
/// Throws ArchiveError only when there is no archive at that place, or the report
/// cannot be written.
VerifyResult verify(const std::filesystem::path& archive_folder, const VerifyOptions& options);

}  // namespace archive
