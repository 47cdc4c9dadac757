#include "store/records/schema.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/ledger.h"
#include "core/timestamp.h"
#include "store/ledger/entry_text.h"

namespace archive {
namespace {

// The ledger began with step 10. The next one adds users, and a column of the events, which are
// what the ledger is made of; writing an entry needs it.
constexpr std::size_t kBeforeTheLedger = 11;

struct TableColumn {
  std::string table, name, standard;
  auto operator<=>(const TableColumn&) const = default;
};

std::vector<TableColumn> columns_in_ledger(Database& database) {
  std::vector<TableColumn> found;
  Rows rows = database.query(
      "SELECT m.name, c.name, COALESCE(c.dflt_value, '') FROM sqlite_master m "
      "JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid");
  while (rows.next()) {
    TableColumn column{rows.text(), rows.text(), rows.text()};
    if (in_ledger(column.table, column.name)) found.push_back(std::move(column));
  }
  return found;
}

int newest(std::span<const Migration> steps) { return steps.empty() ? 0 : steps.back().number; }

void refuse_newer(int version, int known, const std::string& where) {
  if (version <= known) return;
  throw ArchiveError(ErrorKind::archive_foreign, where,
                     "the records have schema " + std::to_string(version) +
                         ", this program knows up to " + std::to_string(known),
                     "install the newer version of juanzong that wrote it");
}

/// "trigger events_are_not_deleted" and its text
using Schema = std::map<std::string, std::string>;

Schema schema_of(Database& database) {
  Schema schema;
  // The order of columns is that of the texts; SQLite's own indices have none.
  Rows rows = database.query(
      "SELECT type || ' ' || name, tbl_name || ' ' || COALESCE(sql, '') FROM sqlite_master");
  while (rows.next()) {
    std::string name = rows.text();
    schema.emplace(std::move(name), rows.text());
  }
  return schema;
}

void run(Database& database, const Migration& step) {
  database.run_script(step.script);
  database.execute("INSERT INTO schema_version (version, name, applied_at) VALUES ($1, $2, $3)",
                   {std::int64_t{step.number}, step.name, timestamp_now()});
}

}  // namespace

RowValue default_value(std::string_view text) {
  if (text.empty() || text == "NULL") return {};
  if (text == "FALSE" || text == "TRUE") return std::int64_t{text == "TRUE"};
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    return text.substr(1, text.size() - 2);
  }
  return std::int64_t{std::stoll(std::string(text))};
}

int schema_version(Database& database, const std::string& where) {
  if (!database.has_table("schema_version")) {
    if (database.query("SELECT 1 FROM sqlite_master LIMIT 1").next()) {
      throw ArchiveError(ErrorKind::archive_foreign, where,
                         "this database was not made by juanzong",
                         "check the path; if the file was replaced, bring it back from a backup");
    }
    return 0;
  }
  Rows rows = database.query("SELECT COALESCE(MAX(version), 0) FROM schema_version");
  rows.next();
  return rows.small_integer();
}

void upgrade_schema(Database& database, const std::string& where,
                    std::span<const Migration> steps) {
  const int version = schema_version(database, where);
  refuse_newer(version, std::max(newest(steps), newest(migrations())), where);
  if (version == 0) {
    database.execute(
        "CREATE TABLE IF NOT EXISTS schema_version ("
        "version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)");
  }
  for (const Migration& step : steps) {
    if (step.number <= version) continue;
    Transaction transaction(database);
    run(database, step);
    transaction.commit();
  }
}

std::span<const Migration> steps_before_the_ledger() {
  return migrations().first(kBeforeTheLedger);
}

std::string apply_step(Database& database, const Migration& step) {
  const std::vector<TableColumn> before = columns_in_ledger(database);
  run(database, step);
  std::string lines;
  for (const TableColumn& column : columns_in_ledger(database)) {
    const bool was_there = std::ranges::find(before, column) != before.end();
    const bool old_table =
        std::ranges::find(before, column.table, &TableColumn::table) != before.end();
    if (!old_table || was_there) continue;
    lines += new_column_line(column.table, column.name, default_value(column.standard));
  }
  return lines;
}

void require_schema(Database& database, const std::string& where) {
  const int version = schema_version(database, where);
  refuse_newer(version, newest(migrations()), where);
  if (version == newest(migrations())) return;
  throw ArchiveError(ErrorKind::records, where,
                     "the records have the older schema " + std::to_string(version),
                     "run `juanzong status` once as the user who may write: it upgrades them");
}

std::vector<std::string> schema_differences(Database& database) {
  static const Schema expected = [] {
    Database fresh({}, Database::Access::scratch);
    upgrade_schema(fresh, "");
    return schema_of(fresh);
  }();
  std::vector<std::string> found;
  Schema there = schema_of(database);
  for (const auto& [name, text] : expected) {
    const auto place = there.find(name);
    if (place == there.end()) {
      found.push_back(name + " of the schema is missing");
      continue;
    }
    if (place->second != text) found.push_back(name + " of the schema is not as it was made");
    there.erase(place);
  }
  for (const auto& [name, text] : there) found.push_back(name + " is no part of the schema");
  return found;
}

}  // namespace archive
