#include "store/records/change_watch.h"

// The session extension is part of Debian's SQLite; its declarations are asked for by these.
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#include <cassert>
#include <string_view>
#include <variant>

#include "store/records/schema.h"

namespace archive {
namespace {

RowValue value_of(sqlite3_value* value) {
  // Asked for after the type and the text: asking a number for its length makes a text of it.
  const auto size = [value] { return static_cast<std::size_t>(sqlite3_value_bytes(value)); };
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return sqlite3_value_double(value);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return std::string_view(text, size());
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
      return RowBytes{{bytes, size()}};
    }
    default:
      return std::monostate();
  }
}

int wants_table(void*, const char* table) { return in_ledger(table) ? 1 : 0; }

struct EndIterator {
  void operator()(sqlite3_changeset_iter* iterator) const { sqlite3changeset_finalize(iterator); }
};
struct FreeBytes {
  void operator()(void* bytes) const { sqlite3_free(bytes); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, EndStatement>;

}  // namespace

struct ChangeWatch::Session {
  sqlite3_session* handle = nullptr;
  ~Session() { sqlite3session_delete(handle); }
};

ChangeWatch::ChangeWatch(Database& database) : database_(database) {}
ChangeWatch::~ChangeWatch() = default;

void ChangeWatch::forget() noexcept { session_.reset(); }

void ChangeWatch::begin() {
  session_ = std::make_unique<Session>();
  database_.expect(sqlite3session_create(database_.handle(), "main", &session_->handle));
  sqlite3session_table_filter(session_->handle, wants_table, nullptr);
  database_.expect(sqlite3session_attach(session_->handle, nullptr));
}

const std::vector<ChangeWatch::Column>& ChangeWatch::columns_of(const std::string& table) {
  const auto [place, is_new] = known_.try_emplace(table);
  if (is_new) {
    Rows rows = database_.query(
        "SELECT name, pk, CASE WHEN \"notnull\" THEN COALESCE(dflt_value, '') ELSE '' END "
        "FROM pragma_table_info($1)",
        {table});
    while (rows.next()) {
      Column column{rows.text(), rows.flag(), true, rows.text()};
      column.in_ledger = in_ledger(table, column.name);
      place->second.push_back(std::move(column));
    }
  }
  return place->second;
}

std::vector<std::string> ChangeWatch::tables() const {
  std::vector<std::string> found;
  Rows rows = database_.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  while (rows.next()) {
    if (std::string name = rows.text(); in_ledger(name)) found.push_back(std::move(name));
  }
  return found;
}

// The next change into `change`; false when nothing of it belongs in the ledger.
bool ChangeWatch::take(void* opaque, RowChange& change) {
  auto* iterator = static_cast<sqlite3_changeset_iter*>(opaque);
  const char* table = nullptr;
  int count = 0;
  int operation = 0;
  int indirect = 0;
  database_.expect(sqlite3changeset_op(iterator, &table, &count, &operation, &indirect));
  const std::vector<Column>& columns = columns_of(table);
  assert(columns.size() == static_cast<std::size_t>(count));
  change.table = table;
  change.kind = operation == SQLITE_INSERT   ? RowChange::Kind::added
                : operation == SQLITE_DELETE ? RowChange::Kind::removed
                                             : RowChange::Kind::changed;
  change.columns.clear();
  bool tells = change.kind != RowChange::Kind::changed;
  for (int i = 0; i < count; ++i) {
    const Column& column = columns[static_cast<std::size_t>(i)];
    if (!column.in_ledger) continue;
    sqlite3_value* before = nullptr;
    sqlite3_value* after = nullptr;
    if (operation != SQLITE_INSERT) {
      database_.expect(sqlite3changeset_old(iterator, i, &before));
    }
    if (operation != SQLITE_DELETE) {
      database_.expect(sqlite3changeset_new(iterator, i, &after));
    }
    // Of a changed row the engine gives the key and what changed.
    if (before == nullptr && after == nullptr) continue;
    RowChange::Column seen{column.name, column.key, {}, {}};
    if (before != nullptr) seen.before = value_of(before);
    if (before != nullptr && std::holds_alternative<std::monostate>(seen.before)) {
      seen.before = default_value(column.standard);
    }
    if (after != nullptr) seen.after = value_of(after);
    tells = tells || !column.key;
    change.columns.push_back(seen);
  }
  return tells;
}

void ChangeWatch::end(const std::function<void(const RowChange&)>& visit) {
  assert(session_ != nullptr);
  int size = 0;
  void* bytes = nullptr;
  database_.expect(sqlite3session_changeset(session_->handle, &size, &bytes));
  const std::unique_ptr<void, FreeBytes> owner(bytes);
  session_.reset();
  if (size == 0) return;
  sqlite3_changeset_iter* started = nullptr;
  database_.expect(sqlite3changeset_start(&started, size, bytes));
  const std::unique_ptr<sqlite3_changeset_iter, EndIterator> iterator(started);
  RowChange change;
  int code = SQLITE_ROW;
  while ((code = sqlite3changeset_next(iterator.get())) == SQLITE_ROW) {
    if (take(iterator.get(), change)) visit(change);
  }
  database_.expect(code);
}

void ChangeWatch::for_each_row(const std::function<void(const RowChange&)>& visit) {
  for (const std::string& table : tables()) {
    const std::vector<Column>& columns = columns_of(table);
    // A name of our own schema, not of a user.
    const std::string sql = "SELECT * FROM \"" + table + "\"";
    sqlite3_stmt* prepared = nullptr;
    database_.expect(sqlite3_prepare_v2(database_.handle(), sql.c_str(), -1, &prepared, nullptr));
    const Statement statement(prepared);
    RowChange change;
    change.table = table;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
      change.columns.clear();
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!columns[i].in_ledger) continue;
        sqlite3_value* value = sqlite3_column_value(prepared, static_cast<int>(i));
        change.columns.push_back({columns[i].name, columns[i].key, {}, value_of(value)});
      }
      visit(change);
    }
    database_.expect(code);
  }
}

}  // namespace archive
