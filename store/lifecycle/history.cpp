#include "store/lifecycle/history.h"

#include "store/records/ledger_entries.h"
#include "store/records/records_impl.h"

namespace archive {

void History::newest_first(const EventFilter& filter, std::int64_t before,
                           const std::function<bool(const Records::Event&)>& visit) const {
  Rows rows = records_.inside().database.query(
      "SELECT event, happened_at, actor, post, action, object_kind, object_number, reason, method, "
      "details, co_signer FROM events WHERE ($1 = 0 OR event < $1) AND ($2 = '' OR actor = $2) "
      "AND ($3 = '' OR action = $3) AND ($4 = '' OR object_kind = $4) "
      "AND ($5 = 0 OR object_number = $5) AND ($6 = '' OR substr(happened_at, 1, 10) >= $6) "
      "AND ($7 = '' OR substr(happened_at, 1, 10) <= $7) ORDER BY event DESC",
      {before, filter.who, filter.action, filter.object_kind, filter.object_number, filter.from,
       filter.to});
  while (rows.next()) {
    const Records::Event event{rows.integer(), rows.text(), rows.text(),    rows.text(),
                               rows.text(),    rows.text(), rows.integer(), rows.text(),
                               rows.text(),    rows.text(), rows.text()};
    if (!visit(event)) return;
  }
}

std::vector<std::string> History::actions() const {
  std::vector<std::string> actions;
  Rows rows =
      records_.inside().database.query("SELECT DISTINCT action FROM events ORDER BY action");
  while (rows.next()) actions.push_back(rows.text());
  return actions;
}

std::optional<LedgerEntry> History::entry(std::int64_t number) const {
  return ledger_entry(records_.inside().database, number);
}

}  // namespace archive
