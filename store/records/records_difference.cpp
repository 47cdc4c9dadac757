#include "store/records/records_difference.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "store/ledger/entry_text.h"
#include "store/objects/compression.h"
#include "store/objects/digest.h"
#include "store/records/change_watch.h"
#include "store/records/ledger_entries.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

/// Tells rows apart: the first bytes of the SHA-256 of their text.
using Mark = std::uint64_t;
using Marks = std::vector<Mark>;

class Marker {
 public:
  Mark mark(std::string_view text) {
    counter_.add(text);
    const Digest digest = counter_.finish();
    Mark mark = 0;
    for (std::size_t i = 0; i < sizeof mark; ++i) {
      mark = mark << 8 | std::to_integer<std::uint64_t>(digest[i]);
    }
    return mark;
  }

 private:
  DigestCounter counter_{DigestKind::sha256};
};

/// The first place at which two lists differ; nothing when they are the same.
std::string first_difference(const Marks& wanted, const Marks& given) {
  const auto [a, b] = std::ranges::mismatch(wanted, given);
  if (a == wanted.end() && b == given.end()) return "";
  return std::to_string(a - wanted.begin() + 1);
}

Marks entries_in(Database& database, std::int64_t at_most) {
  Marker marker;
  Marks marks;
  for_each_entry(database, 0, [&](const LedgerEntry& entry) {
    if (entry.number <= at_most) marks.push_back(marker.mark(entry_text(entry)));
  });
  return marks;
}

std::map<std::string, Marks> rows_in(Database& database, const std::set<std::string>& without) {
  Marker marker;
  std::map<std::string, Marks> tables;
  ChangeWatch(database).for_each_row([&](const RowChange& row) {
    if (without.contains(std::string(row.table))) return;
    tables[std::string(row.table)].push_back(marker.mark(change_line(row)));
  });
  return tables;
}

std::set<std::string> tables_changed_after(Database& database, std::int64_t entry) {
  constexpr std::size_t kChangesMost = std::size_t{1} << 31;
  std::set<std::string> tables;
  Rows rows = database.query("SELECT changes FROM events WHERE event > $1 AND length(changes) > 0",
                             {entry});
  while (rows.next()) {
    const std::string changes = expand(rows.bytes(), kChangesMost);
    for (std::size_t from = 0; from < changes.size();) {
      const std::size_t end = std::min(changes.find('\n', from), changes.size());
      const std::size_t tab = std::min(changes.find('\t', from), end);
      tables.insert(changes.substr(from + 1, tab - from - 1));
      from = end + 1;
    }
  }
  return tables;
}

}  // namespace

RecordsDifference compare_records(Records records, Records copy) {
  Database& live = records.inside().database;
  Database& copied = copy.inside().database;
  const Transaction moment(live, Transaction::Kind::read);
  RecordsDifference result;
  result.entries = copy.entries();
  const Marks given = entries_in(copied, result.entries);
  const Marks wanted = entries_in(live, result.entries);
  if (const std::string at = first_difference(wanted, given); !at.empty()) {
    result.differences.push_back("entry " + at + " of the ledger is another one");
  }
  result.changed_since = tables_changed_after(live, result.entries);
  const auto wanted_rows = rows_in(live, result.changed_since);
  const auto given_rows = rows_in(copied, result.changed_since);
  std::set<std::string> names;
  for (const auto& [name, marks] : wanted_rows) names.insert(name);
  for (const auto& [name, marks] : given_rows) names.insert(name);
  const Marks none;
  const auto rows_of = [&none](const auto& tables, const std::string& name) -> const Marks& {
    const auto found = tables.find(name);
    return found == tables.end() ? none : found->second;
  };
  for (const std::string& name : names) {
    const Marks& rows = rows_of(given_rows, name);
    ++result.tables;
    result.rows += static_cast<std::int64_t>(rows.size());
    const std::string at = first_difference(rows_of(wanted_rows, name), rows);
    if (!at.empty()) result.differences.push_back("row " + at + " of " + name + " is another one");
  }
  return result;
}

}  // namespace archive
