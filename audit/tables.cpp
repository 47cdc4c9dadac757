#include "audit/tables.h"

#include <sqlite3.h>

#include <array>
#include <charconv>
#include <cmath>

#include "audit/digests.h"
#include "audit/escapes.h"
#include "core/ledger.h"

namespace archive::audit {
namespace {

namespace fs = std::filesystem;

class Statement {
 public:
  Statement(sqlite3* database, const std::string& sql) : database_(database) {
    expect(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement_, nullptr));
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  bool next() {
    const int code = sqlite3_step(statement_);
    expect(code);
    return code == SQLITE_ROW;
  }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? "" : std::string(static_cast<const char*>(bytes), size);
  }
  int type(int column) const { return sqlite3_column_type(statement_, column); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }

 private:
  void expect(int code) const {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    throw UnreadableRecords(sqlite3_errmsg(database_));
  }

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
};

void add_value(std::string& out, const Statement& row, int column) {
  switch (row.type(column)) {
    case SQLITE_INTEGER:
      out += std::to_string(row.integer(column));
      break;
    case SQLITE_FLOAT: {
      const double value = row.real(column);
      if (value == std::floor(value) && std::abs(value) < 0x1p53) {
        out += std::to_string(static_cast<std::int64_t>(value));
        break;
      }
      std::array<char, 32> text{};
      const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
      out.append(text.data(), end);
      break;
    }
    case SQLITE_TEXT:
      out += '\'';
      add_escaped(out, row.text(column));
      break;
    case SQLITE_BLOB:
      out += 'x' + hex(row.text(column));
      break;
    default:
      out += '-';
  }
}

std::string address_of(const fs::path& file) {
  std::string address = "file:";
  for (const char c : file.string()) {
    if (c == '?' || c == '#' || c == '%') {
      address += '%' + hex(std::string_view(&c, 1));
    } else {
      address += c;
    }
  }
  // Nothing waits in a journal: the file alone is all there is, and SQLite makes nothing beside it.
  std::error_code error;
  const std::uintmax_t waiting = fs::file_size(file.string() + "-wal", error);
  return address + (error || waiting == 0 ? "?immutable=1" : "?mode=ro");
}

}  // namespace

struct RecordsFile::State {
  sqlite3* database = nullptr;
  std::string image;
  ~State() { sqlite3_close_v2(database); }
};

RecordsFile::RecordsFile(const fs::path& file) : state_(std::make_unique<State>()) {
  const int code = sqlite3_open_v2(address_of(file).c_str(), &state_->database,
                                   SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
  if (code != SQLITE_OK) throw UnreadableRecords(sqlite3_errmsg(state_->database));
  // One moment of the archive, though somebody may be writing to it.
  if (sqlite3_exec(state_->database, "PRAGMA trusted_schema = OFF; BEGIN", nullptr, nullptr,
                   nullptr) != SQLITE_OK) {
    throw UnreadableRecords(sqlite3_errmsg(state_->database));
  }
}

RecordsFile::RecordsFile(std::string image) : state_(std::make_unique<State>()) {
  constexpr std::size_t kVersions = 18;  // of reading and writing: 2 wants a journal
  state_->image = std::move(image);
  if (state_->image.size() > kVersions + 1) {
    state_->image[kVersions] = state_->image[kVersions + 1] = 1;
  }
  const auto size = static_cast<sqlite3_int64>(state_->image.size());
  int code = sqlite3_open_v2(":memory:", &state_->database,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  if (code == SQLITE_OK) {
    code = sqlite3_deserialize(state_->database, "main",
                               reinterpret_cast<unsigned char*>(state_->image.data()), size, size,
                               SQLITE_DESERIALIZE_READONLY);
  }
  // What was sealed must not lie plain in the temporary file of a sort.
  if (code != SQLITE_OK ||
      sqlite3_exec(state_->database,
                   "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; BEGIN", nullptr,
                   nullptr, nullptr) != SQLITE_OK) {
    throw UnreadableRecords(sqlite3_errmsg(state_->database));
  }
}

RecordsFile::RecordsFile(RecordsFile&&) noexcept = default;
RecordsFile::~RecordsFile() = default;

void RecordsFile::for_each_event(const std::function<void(const Event&)>& visit) {
  // Records of before there were users have no such column.
  const bool co_signed =
      Statement(state_->database,
                "SELECT 1 FROM pragma_table_info('events') WHERE name = 'co_signer'")
          .next();
  Statement rows(state_->database,
                 std::string("SELECT event, happened_at, actor, post, action, object_kind, "
                             "object_number, reason, method, details, changes, ") +
                     (co_signed ? "co_signer" : "''") + " FROM events ORDER BY event");
  while (rows.next()) {
    visit({rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
           rows.integer(6), rows.text(7), rows.text(8), rows.text(9), rows.text(10),
           rows.text(11)});
  }
}

std::vector<std::string> RecordsFile::tables() {
  std::vector<std::string> found;
  Statement rows(state_->database,
                 "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  while (rows.next()) {
    if (std::string name = rows.text(0); in_ledger(name)) found.push_back(std::move(name));
  }
  return found;
}

void RecordsFile::for_each_row(
    const std::string& table,
    const std::function<void(const std::string& key, const std::string& rest)>& visit) {
  struct Column {
    std::string name;
    bool key = false;
    int place = 0;
  };
  std::vector<Column> columns;
  std::string quoted;
  for (const char c : table) quoted += c == '"' ? "\"\"" : std::string(1, c);
  {
    Statement rows(state_->database, "PRAGMA table_info(\"" + quoted + "\")");
    while (rows.next()) {
      const Column column{rows.text(1), rows.integer(5) != 0, static_cast<int>(rows.integer(0))};
      if (in_ledger(table, column.name)) columns.push_back(column);
    }
  }
  Statement rows(state_->database, "SELECT * FROM \"" + quoted + "\"");
  std::string key;
  std::string rest;
  while (rows.next()) {
    key.clear();
    rest.clear();
    for (const Column& column : columns) {
      std::string& part = column.key ? key : rest;
      if (!part.empty()) part += '\t';
      if (column.key) part += '@';
      part += column.name;
      part += '=';
      add_value(part, rows, column.place);
    }
    visit(key, rest);
  }
}

RecordsFile::Tree RecordsFile::tree() {
  Statement row(state_->database, "SELECT entries, sha256_peaks, sm3_peaks FROM ledger_tree");
  if (!row.next()) return {};
  return {row.integer(0), row.text(1), row.text(2)};
}

std::string RecordsFile::schema_text() {
  std::string text;
  Statement rows(state_->database,
                 "SELECT version, name, applied_at FROM schema_version ORDER BY version");
  while (rows.next()) {
    text += std::to_string(rows.integer(0)) + '\t' + rows.text(1) + '\t' + rows.text(2) + '\n';
  }
  return text;
}

void RecordsFile::for_each_number(
    const std::function<void(const std::string& table, std::int64_t last)>& visit) {
  Statement rows(state_->database, "SELECT name, seq FROM sqlite_sequence ORDER BY name");
  while (rows.next()) {
    if (const std::string name = rows.text(0); name == "events" || in_ledger(name)) {
      visit(name, rows.integer(1));
    }
  }
}

std::vector<std::string> RecordsFile::damage() {
  std::vector<std::string> found;
  Statement check(state_->database, "PRAGMA integrity_check(1000000)");
  while (check.next()) {
    if (std::string line = check.text(0); line != "ok") found.push_back(std::move(line));
  }
  Statement references(state_->database, "PRAGMA foreign_key_check");
  while (references.next()) {
    found.push_back("row " + std::to_string(references.integer(1)) + " of " + references.text(0) +
                    " refers to a row that is not there");
  }
  return found;
}

}  // namespace archive::audit
