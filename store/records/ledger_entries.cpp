#include "store/records/ledger_entries.h"

#include <string>

#include "store/objects/compression.h"
#include "store/objects/digest.h"

namespace archive {

namespace {

constexpr SqlPart kEntries =
    "SELECT event, happened_at, actor, post, action, object_kind, object_number, reason, method, "
    "details, changes, co_signer FROM events ";

LedgerEntry entry_from(Rows& rows) {
  LedgerEntry entry;
  entry.number = rows.integer();
  entry.happened_at = rows.text();
  entry.acting.who = rows.text();
  entry.acting.post = rows.text();
  entry.action = rows.text();
  entry.object_kind = rows.text();
  entry.object_number = rows.integer();
  entry.acting.reason = rows.text();
  entry.acting.method = rows.text();
  entry.details = rows.text();
  const std::string frame = rows.bytes();
  entry.acting.co_signer = rows.text();
  entry.has_changes = !frame.empty();
  if (entry.has_changes) entry.changes = digests_of(expand(frame));
  return entry;
}

}  // namespace

void for_each_entry(Database& database, std::int64_t after,
                    const std::function<void(const LedgerEntry&)>& visit) {
  Rows rows = database.query(joined<kEntries, "WHERE event > $1 ORDER BY event">(), {after});
  while (rows.next()) visit(entry_from(rows));
}

std::optional<LedgerEntry> ledger_entry(Database& database, std::int64_t number) {
  Rows rows = database.query(joined<kEntries, "WHERE event = $1">(), {number});
  if (!rows.next()) return std::nullopt;
  return entry_from(rows);
}

}  // namespace archive
