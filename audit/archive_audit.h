#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/sealing.h"

namespace archive::audit {

struct AuditOptions {
  /// Folders with copies of heads, leaves and keys that were out of the reach of whoever might have
  /// changed the archive. Without any, an archive can only be checked against itself.
  std::vector<std::filesystem::path> outside;
  /// A public key (PEM) that is known from elsewhere; heads must lead back to it.
  std::optional<std::filesystem::path> key;
  /// Of an encrypted archive: the way in, or its master key itself. Without one, only signatures
  /// and the heads outside are checked, and the report says so.
  WayIn way_in;
  SecretKey master;
  bool objects = true;  ///< re-hash them; `verify` does that itself
  int threads = 2;
};

/// What an audit can find. `kind` is stable:
///
///     entry_changed, entry_missing    the ledger; the first wrong entry is named
///     head_forged, head_broken        a signature that does not hold; a line that is no head
///     head_contradicts                what was signed is not what the entries give
///     leaves_contradict               the file of leaves does not fit its own heads
///     key_unproven                    a key that no earlier key brought in
///     key_damaged                     the file of a public key is not what was written
///     row_changed, row_missing, row_added      tables that are not what the ledger makes
///     tree_contradicts                the writer's own count of the tree is not that of the
///     entries number_contradicts              a number that was given would be given again
///     history_contradicts             an event changes a row that was another
///     object_missing, _damaged, _unreadable, _stray
///     records_unreadable, records_damaged, ledger_missing, nothing_checked
///     key_missing                     of an encrypted archive: nothing inside it was checked
struct AuditFinding {
  std::string kind;
  std::string where;
  std::string what;
};

struct AuditReport {
  std::int64_t entries = 0;
  std::int64_t heads = 0;    ///< inside and outside, with signatures that hold
  std::int64_t outside = 0;  ///< folders outside that were compared
  std::int64_t unsigned_entries = 0;
  std::int64_t rows = 0;
  std::int64_t objects = 0;
  std::uint64_t object_bytes = 0;
  double ledger_seconds = 0;  ///< entries, heads, replay, tables
  double seconds = 0;
  std::int64_t first_wrong_entry = 0;  ///< 0: none
  std::vector<std::string> remarks;    ///< what could not be proven, and why
  std::vector<AuditFinding> findings;

  bool sound() const { return findings.empty(); }
};

/// Checks an archive from its files alone. Changes nothing, needs no other program and no network.
/// Throws std::runtime_error when there is no archive at that place.
AuditReport audit_archive(const std::filesystem::path& archive, const AuditOptions& options);

}  // namespace archive::audit
