#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The words of the ledger (账本): what writer and auditor agree on, and nothing they could share a
// mistake in. docs/STORE_FORMAT.md, "Ledger", describes the texts that are hashed and signed.

namespace archive {

/// A digest of 32 bytes: SHA-256 (FIPS 180-4) or SM3 (GB/T 32905-2016).
using Digest = std::array<std::byte, 32>;

/// Two digests of the same bytes: should one function be broken one day, the other one holds.
struct DigestPair {
  Digest sha256{};
  Digest sm3{};
  bool operator==(const DigestPair&) const = default;
};

/// In whose name, by what right and why a change is made (R52: who, post, when, what, reason,
/// method; time and object are the event's own).
struct Acting {
  std::string who = "juanzong";
  std::string post;       ///< 岗位
  std::string reason;     ///< mandatory where somebody maintains records by hand
  std::string method;     ///< the command that was given
  std::string co_signer;  ///< of the office, who answers for an outside helper's change (R51)
};

/// One event: what happened, and digests of the text that says how each row changed.
struct LedgerEntry {
  std::int64_t number = 0;  ///< from 1 without a gap
  std::string happened_at;  ///< ISO 8601 with zone
  Acting acting;
  std::string action;       ///< "page_filed", ...
  std::string object_kind;  ///< "page", ...
  std::int64_t object_number = 0;
  std::string details;  ///< a JSON object without personal data
  bool has_changes = false;
  DigestPair changes;  ///< of the uncompressed text of changes; zeros when there is none
};

/// The state of the whole ledger at a moment: RFC 6962 tree heads over the first `size` entries.
struct LedgerHead {
  std::int64_t size = 0;
  std::string signed_at;  ///< ISO 8601 with zone
  DigestPair root;
};

/// The entry of a person who had signed heads begun anew, since the earlier ones were lost: that
/// what comes before it is what was signed then is proven by no head of the archive itself.
inline constexpr std::string_view kHeadsBegunAnew = "heads_begun_anew";

/// Rows that are made from others or only say how far work has come are not in the ledger: the
/// whole of a table, or one column.
struct NotInLedger {
  std::string_view table;
  std::string_view column;  ///< empty: the whole table
};
inline constexpr std::array kNotInLedger = {
    NotInLedger{"events", ""},
    NotInLedger{"ledger_tree", ""},
    NotInLedger{"schema_version", ""},
    NotInLedger{"dossier_facts", ""},
    NotInLedger{"vouchers", ""},
    NotInLedger{"pages", "revision"},
    NotInLedger{"pages", "indexed_revision"},
    NotInLedger{"pages", "text_sketch"},
    NotInLedger{"batches", "to_assemble"},
    NotInLedger{"second_factors", "last_step"},
};

/// False for what kNotInLedger lists and for tables of the database engine itself.
constexpr bool in_ledger(std::string_view table, std::string_view column = {}) {
  if (table.starts_with("sqlite_")) return false;
  for (const NotInLedger& no : kNotInLedger) {
    if (no.table == table && (no.column.empty() || no.column == column)) return false;
  }
  return true;
}

}  // namespace archive
