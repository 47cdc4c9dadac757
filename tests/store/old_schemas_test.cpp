// What an archive of any older schema holds is there, row by row, after today's program opened it.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/archive_audit.h"
#include "store/ledger/head_log.h"
#include "store/records/ledger_writer.h"
#include "store/records/records.h"
#include "store/records/schema.h"
#include "tests/store/old_schema_rows.h"
#include "tests/store/people.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

using Columns = std::vector<std::string>;
using Table = std::vector<std::string>;  // a row each, its values quoted as in SQL

/// Reads past the program's own door: nothing of it can hide what it did.
class Look {
 public:
  explicit Look(const fs::path& archive) {
    const std::string file = archive / "records.sqlite";
    if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(db_));
    }
  }
  ~Look() { sqlite3_close(db_); }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  std::vector<std::string> ask(const std::string& sql) const {
    std::vector<std::string> found;
    const auto row = [](void* into, int count, char** values, char**) {
      std::string line;
      for (int i = 0; i < count; ++i) line += std::string(values[i] ? values[i] : "NULL") + "|";
      static_cast<std::vector<std::string>*>(into)->push_back(line.substr(0, line.size() - 1));
      return 0;
    };
    if (sqlite3_exec(db_, sql.c_str(), row, &found, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_));
    }
    return found;
  }
  std::map<std::string, Columns> tables() const {
    std::map<std::string, Columns> found;
    for (const std::string& table : ask("SELECT name FROM sqlite_master WHERE type = 'table'")) {
      found[table] = ask("SELECT name FROM pragma_table_info('" + table + "')");
    }
    return found;
  }
  Table rows(const std::string& table, const Columns& columns) const {
    std::string list;
    for (const std::string& column : columns) {
      list += (list.empty() ? "quote(" : ", quote(") + column + ")";
    }
    return ask("SELECT " + list + " FROM " + table + " ORDER BY rowid");
  }

 private:
  sqlite3* db_ = nullptr;
};

constexpr int kLedgerFrom = 11;  // the oldest schema into which today's ledger can be written

/// One transaction of the program of that time.
template <class Change>
void entry(Database& db, LedgerWriter& ledger, const char* action, Change change) {
  Transaction transaction(db);
  ledger.begin();
  change();
  ledger.note(action, "archive", 0, "{}");
  ledger.seal();
  transaction.commit();
  ledger.committed();
}

void add_rows(Database& db, int from, int to) {
  for (const OldRows& rows : kOldRows) {
    if (rows.since >= from && rows.since <= to) db.run_script(rows.script);
  }
}

/// An archive as a program left it that knew schemas up to `version`, with rows in every table. Each
/// row came when its table was new, so it has been through all the steps since.
void make_archive(const fs::path& folder, int version) {
  std::ofstream(folder / "juanzong.format") << "by this file an auditor knows an archive\n";
  Database db(folder / "records.sqlite", Database::Access::create);
  const int before_ledger = std::min(version, kLedgerFrom);
  for (int step = 1; step <= before_ledger; ++step) {
    upgrade_schema(db, "db", migrations().first(static_cast<std::size_t>(step)));
    add_rows(db, step, step);
  }
  if (version < kLedgerFrom) return;
  const LedgerPlaces places{folder / "ledger", {}, {}};
  HeadLog::create(places);
  LedgerWriter ledger(db, places, {}, "db");
  for (int step = before_ledger + 1; step <= version; ++step) {
    entry(db, ledger, "schema_changed", [&] {
      ledger.note_changes(apply_step(db, migrations()[static_cast<std::size_t>(step - 1)]));
      ledger.forget_columns();
    });
    entry(db, ledger, "rows_came", [&] { add_rows(db, step, step); });
  }
}

// Only what the program keeps about itself, and the mark that a batch is to be put together anew,
// may become another.
const std::set<std::string> kOfTheProgram = {"schema_version", "ledger_tree", "kept_digests",
                                             "sqlite_sequence"};
const std::set<std::string> kGrows = {"events"};

class OldSchema : public ::testing::TestWithParam<int> {
 protected:
  OldSchema() { make_archive(folder.path(), GetParam()); }
  TemporaryFolder folder;
};

TEST_P(OldSchema, IsBroughtUpToDateWithEveryRow) {
  std::map<std::string, Columns> tables;
  std::map<std::string, Table> before;
  {
    const Look look(folder.path());
    ASSERT_EQ(look.ask("SELECT MAX(version) FROM schema_version")[0], std::to_string(GetParam()));
    tables = look.tables();
    std::erase(tables.at("batches"), "to_assemble");
    for (const auto& [table, columns] : tables) before[table] = look.rows(table, columns);
  }

  Records::upgrade(folder.path(), {});

  const Look look(folder.path());
  for (const auto& [table, columns] : tables) {
    if (kOfTheProgram.contains(table)) continue;
    Table after = look.rows(table, columns);
    if (kGrows.contains(table)) {
      ASSERT_GE(after.size(), before.at(table).size()) << table;
      after.resize(before.at(table).size());
    }
    EXPECT_EQ(after, before.at(table)) << table;
  }
  // Numbers that were given are never given again.
  for (const std::string& row : before.at("sqlite_sequence")) {
    if (row.starts_with("'events'")) continue;
    const Table after = look.rows("sqlite_sequence", {"name", "seq"});
    EXPECT_NE(std::ranges::find(after, row), after.end()) << row;
  }
  EXPECT_EQ(look.ask("PRAGMA integrity_check"), Table{"ok"});
  EXPECT_EQ(look.ask("PRAGMA foreign_key_check"), Table{});
}

TEST_P(OldSchema, IsSoundToAnOutsideAuditorAfterwards) {
  Records::upgrade(folder.path(), {});
  EXPECT_EQ(Records::open_reader(folder.path()).schema_version(), migrations().back().number);
  Database db(folder / "records.sqlite", Database::Access::read);
  EXPECT_EQ(schema_differences(db), std::vector<std::string>{});
  audit::AuditOptions options;
  options.objects = false;
  const audit::AuditReport report = audit::audit_archive(folder.path(), options);
  for (const auto& finding : report.findings) {
    ADD_FAILURE() << finding.kind << "  " << finding.where << "  " << finding.what;
  }
  EXPECT_GT(report.entries, 0);
  EXPECT_GT(report.heads, 0);
  EXPECT_EQ(report.unsigned_entries, 0);
  EXPECT_GT(report.rows, 15);
}

// Who may is asked before anything is changed.
TEST_P(OldSchema, IsBroughtUpToDateByAUserOfIt) {
  Records::Writing writing;
  if (GetParam() >= kLedgerFrom && GetParam() < migrations().back().number) {
    EXPECT_EQ(identify(folder.path(), claim("wang")).name, "Wang");
    writing.claim = claim("mallory");
    EXPECT_NE(refusal([&] { Records::upgrade(folder.path(), writing); }).find("is no user"),
              std::string::npos);
  }
  writing.claim = claim("wang");
  EXPECT_EQ(refusal([&] { Records::upgrade(folder.path(), writing); }), kNothingRefused);
  EXPECT_EQ(Records::open_reader(folder.path()).schema_version(), migrations().back().number);
}

TEST_P(OldSchema, IsReadAndWrittenOnByTodaysProgram) {
  Records::upgrade(folder.path(), {});
  {
    Records records = Records::open_writer(folder.path(), {});
    ASSERT_EQ(records.batches().size(), 1u);
    EXPECT_EQ(records.batches().front().name, "room 3, box 7");
    const auto page = records.page(7);
    ASSERT_TRUE(page);
    ASSERT_EQ(page->fields.size(), 2u);
    EXPECT_EQ(page->fields.front().value, "张三") << "read, and later typed by two persons";
    EXPECT_EQ(page->fields.back().raw, "2009年3月");
    EXPECT_EQ(records.open_batch("new", "new", {}).number, 4);
  }
  audit::AuditOptions options;
  options.objects = false;
  EXPECT_TRUE(audit::audit_archive(folder.path(), options).sound());
}

INSTANTIATE_TEST_SUITE_P(EachNumber, OldSchema,
                         ::testing::Range(1, static_cast<int>(migrations().size()) + 1));

// Whoever adds a step with a table adds a row of it to tests/store/old_schema_rows.h.
TEST(OldSchemaRows, AreThereForEveryTable) {
  TemporaryFolder folder;
  make_archive(folder.path(), migrations().back().number);
  const Look look(folder.path());
  for (const auto& [table, columns] : look.tables()) {
    if (kOfTheProgram.contains(table)) continue;
    EXPECT_FALSE(look.rows(table, columns).empty()) << table;
  }
}

}  // namespace
}  // namespace archive
