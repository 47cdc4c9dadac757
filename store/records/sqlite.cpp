#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/objects/disk.h"
#include "store/records/sealed_vfs.h"
#include "store/records/sql.h"

namespace archive {
namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr mode_t kFileMode = 0640;

struct Meaning {
  int code;  // extended code, or primary code when no extended one is listed
  SqlFault fault;
  ErrorKind kind;
  const char* what_to_do;
};

constexpr const char* kReport = "report this with the version of the program";
constexpr const char* kRestore =
    "stop writing, run `juanzong verify`; `juanzong backup restore` makes the archive again";
constexpr const char* kCheckDisk =
    "check the disk and the rights on the archive folder, then run the same command again";

constexpr std::array kMeanings = {
    Meaning{SQLITE_CONSTRAINT_UNIQUE, SqlFault::unique, ErrorKind::records, kReport},
    Meaning{SQLITE_CONSTRAINT_PRIMARYKEY, SqlFault::unique, ErrorKind::records, kReport},
    Meaning{SQLITE_CONSTRAINT, SqlFault::check, ErrorKind::records, kReport},
    Meaning{SQLITE_BUSY, SqlFault::busy, ErrorKind::records,
            "another process holds the records; wait until it has finished and try again"},
    Meaning{SQLITE_LOCKED, SqlFault::busy, ErrorKind::records, kReport},
    Meaning{SQLITE_FULL, SqlFault::full, ErrorKind::disk,
            "free some space; then run the same command again, it goes on where it stopped"},
    Meaning{SQLITE_IOERR_DATA, SqlFault::corrupt, ErrorKind::records, kRestore},
    Meaning{SQLITE_IOERR, SqlFault::other, ErrorKind::disk, kCheckDisk},
    Meaning{SQLITE_CANTOPEN, SqlFault::other, ErrorKind::disk, kCheckDisk},
    Meaning{SQLITE_READONLY, SqlFault::other, ErrorKind::disk, kCheckDisk},
    Meaning{SQLITE_PERM, SqlFault::other, ErrorKind::disk, kCheckDisk},
    Meaning{SQLITE_CORRUPT, SqlFault::corrupt, ErrorKind::records, kRestore},
    Meaning{SQLITE_NOTADB, SqlFault::corrupt, ErrorKind::records, kRestore},
};

Meaning meaning_of(int code) {
  for (const int wanted : {code, code & 0xff}) {
    for (const Meaning& meaning : kMeanings) {
      if (meaning.code == wanted) return meaning;
    }
  }
  return {code, SqlFault::other, ErrorKind::records, kReport};
}

void create_file(const std::filesystem::path& file) {
  const int fd =
      ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  if (fd < 0) throw_disk_error(file, "making the records", errno);
  ::close(fd);
}

}  // namespace

/// A compiled statement with the place of each $n: SQLite counts "$2" by where it first
/// appears, not by its number.
struct Compiled {
  sqlite3_stmt* statement = nullptr;
  std::vector<int> places;
};

struct Database::Impl {
  std::string file;
  ArchiveKeysPtr keys;
  bool writes = false;
  sqlite3* handle = nullptr;
  // Statements that nobody uses now, by their text. One in use is not in here, so a
  // second use at the same time compiles its own.
  std::unordered_map<std::string_view, Compiled> idle;

  ~Impl() {
    for (auto& [text, compiled] : idle) sqlite3_finalize(compiled.statement);
    sqlite3_close_v2(handle);
  }

  void expect(int code) const {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    const int extended = handle == nullptr ? code : sqlite3_extended_errcode(handle);
    const Meaning meaning = meaning_of(extended);
    throw SqlError(meaning.fault, meaning.kind, file,
                   handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle),
                   meaning.what_to_do);
  }

  void open() {
    expect(sqlite3_open_v2(file.c_str(), &handle,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                           keys ? sealed_vfs(keys) : nullptr));
    if (keys) run("PRAGMA temp_store = MEMORY");
  }

  void run(const char* script) const {
    expect(sqlite3_exec(handle, script, nullptr, nullptr, nullptr));
  }

  Compiled compile(const char* text) {
    if (const auto known = idle.find(text); known != idle.end()) {
      Compiled compiled = std::move(known->second);
      idle.erase(known);
      return compiled;
    }
    Compiled compiled;
    expect(sqlite3_prepare_v3(handle, text, -1, SQLITE_PREPARE_PERSISTENT, &compiled.statement,
                              nullptr));
    const int count = sqlite3_bind_parameter_count(compiled.statement);
    for (int i = 1; i <= count; ++i) {
      const std::string name = "$" + std::to_string(i);
      compiled.places.push_back(sqlite3_bind_parameter_index(compiled.statement, name.c_str()));
    }
    return compiled;
  }

  void give_back(const char* text, Compiled compiled) {
    sqlite3_reset(compiled.statement);
    sqlite3_clear_bindings(compiled.statement);
    const auto [place, kept] = idle.try_emplace(text, compiled);
    if (!kept) sqlite3_finalize(compiled.statement);
  }
};

struct Rows::State {
  Database::Impl& database;
  const char* text;
  Compiled compiled;
  int column = 0;
  bool ended = false;

  State(Database::Impl& owner, const char* sql)
      : database(owner), text(sql), compiled(owner.compile(sql)) {}
  ~State() { database.give_back(text, std::move(compiled)); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void bind(SqlValues values) {
    if (values.size() != compiled.places.size()) {
      throw std::logic_error("a statement got the wrong number of parameters");
    }
    std::size_t i = 0;
    for (const SqlValue& value : values) {
      const int place = compiled.places[i++];
      database.expect(
          std::visit([&](const auto& alternative) { return bind_one(place, alternative); }, value));
    }
  }

 private:
  int bind_one(int place, std::monostate) { return sqlite3_bind_null(compiled.statement, place); }
  int bind_one(int place, bool value) {
    return sqlite3_bind_int(compiled.statement, place, value ? 1 : 0);
  }
  int bind_one(int place, std::int64_t value) {
    return sqlite3_bind_int64(compiled.statement, place, value);
  }
  int bind_one(int place, double value) {
    return sqlite3_bind_double(compiled.statement, place, value);
  }
  int bind_one(int place, std::string_view value) {
    // An empty view may have no address, which SQLite would take for NULL.
    const char* bytes = value.empty() ? "" : value.data();
    return sqlite3_bind_text64(compiled.statement, place, bytes, value.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  }
  int bind_one(int place, SqlBytes value) {
    const char* bytes = value.bytes.empty() ? "" : value.bytes.data();
    return sqlite3_bind_blob64(compiled.statement, place, bytes, value.bytes.size(),
                               SQLITE_TRANSIENT);
  }
};

Rows::Rows(std::unique_ptr<State> state) : state_(std::move(state)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows::~Rows() = default;

bool Rows::next() {
  if (state_->ended) return false;
  state_->column = 0;
  const int code = sqlite3_step(state_->compiled.statement);
  state_->ended = code != SQLITE_ROW;
  state_->database.expect(code);
  return !state_->ended;
}

std::int64_t Rows::integer() {
  return sqlite3_column_int64(state_->compiled.statement, state_->column++);
}

double Rows::real() { return sqlite3_column_double(state_->compiled.statement, state_->column++); }

std::string Rows::text() {
  const int column = state_->column++;
  const auto* bytes = sqlite3_column_text(state_->compiled.statement, column);
  if (bytes == nullptr) return {};
  const int size = sqlite3_column_bytes(state_->compiled.statement, column);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::string Rows::bytes() {
  const int column = state_->column++;
  const void* bytes = sqlite3_column_blob(state_->compiled.statement, column);
  if (bytes == nullptr) return {};
  const int size = sqlite3_column_bytes(state_->compiled.statement, column);
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Database::Database(const std::filesystem::path& file, Access access, ArchiveKeysPtr keys)
    : impl_(std::make_unique<Impl>()) {
  if (access != Access::scratch) impl_->keys = std::move(keys);
  impl_->file = access == Access::scratch ? ":memory:" : file.string();
  impl_->writes = access != Access::read;
  if (access == Access::create) create_file(file);
  // A reader opens for writing too and then forbids it: a connection opened read-only
  // does not check the CHECK clauses when it checks itself.
  impl_->open();
  sqlite3_busy_timeout(impl_->handle, kBusyMilliseconds);
  run_script("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");
  if (access == Access::scratch) return;
  if (!impl_->writes) {
    sqlite3_db_config(impl_->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    run_script("PRAGMA query_only = ON");
    return;
  }
  // A database without a page yet would write its first one by a journal on the disk.
  if (impl_->keys && access == Access::create) run_script("PRAGMA journal_mode = MEMORY");
  run_script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  Rows obeyed = query(
      "SELECT journal_mode = 'wal' AND synchronous = 2 AND foreign_keys = 1 "
      "FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys");
  if (!obeyed.next() || !obeyed.flag()) {
    throw SqlError(SqlFault::other, ErrorKind::records, impl_->file,
                   "WAL with synchronous=FULL cannot be had here, and without it a commit may "
                   "be lost",
                   "put the archive on a local disk; network file systems will not do");
  }
}

Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Rows Database::query(Sql sql, SqlValues values) {
  auto state = std::make_unique<Rows::State>(*impl_, sql.text());
  state->bind(values);
  return Rows(std::move(state));
}

std::int64_t Database::number(Sql sql, SqlValues values) {
  Rows rows = query(sql, values);
  const std::int64_t first = rows.next() ? rows.integer() : 0;
  // To its end: a transaction cannot commit over an unfinished INSERT.
  while (rows.next()) continue;
  return first;
}

std::int64_t Database::execute(Sql sql, SqlValues values) {
  Rows rows = query(sql, values);
  while (rows.next()) continue;
  return sqlite3_changes64(impl_->handle);
}

void Database::run_script(const char* script) {
  impl_->run(script);
}

sqlite3* Database::handle() const { return impl_->handle; }

void Database::expect(int code) const { impl_->expect(code); }

bool Database::has_table(std::string_view name) {
  return query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", {name}).next();
}

void Database::copy_to(const std::filesystem::path& file) {
  create_file(file);
  // Closed by its own end; nothing of it is worth a sync, whoever wants it durable says so.
  Impl target;
  target.file = file.string();
  target.keys = impl_->keys;
  target.open();
  if (target.keys) target.run("PRAGMA journal_mode = MEMORY");
  sqlite3_backup* backup = sqlite3_backup_init(target.handle, "main", impl_->handle, "main");
  if (backup == nullptr) target.expect(sqlite3_errcode(target.handle));
  // In one step: it is one moment, and in WAL mode a writer goes on meanwhile.
  const int copied = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  target.expect(copied);
  target.expect(finished);
  if (copied != SQLITE_DONE) {
    throw SqlError(SqlFault::busy, ErrorKind::records, target.file,
                   "the copy of the records did not come to its end", "try again");
  }
}

std::vector<std::string> Database::damage() {
  std::vector<std::string> found;
  Rows check = query("PRAGMA integrity_check(1000000)");
  while (check.next()) {
    if (std::string line = check.text(); line != "ok") found.push_back(std::move(line));
  }
  Rows references = query("PRAGMA foreign_key_check");
  while (references.next()) {
    const std::string table = references.text();
    const std::string row = references.text();
    found.push_back("row " + row + " of " + table + " refers to a row of " + references.text() +
                    " that is not there");
  }
  return found;
}

Transaction::Transaction(Database& database, Kind kind)
    : database_(database),
      outermost_(sqlite3_get_autocommit(database.impl_->handle) != 0),
      open_(true) {
  if (!outermost_) return;
  if (kind == Kind::write) {
    database_.execute("BEGIN IMMEDIATE");
  } else {
    database_.execute("BEGIN");
  }
}

Transaction::~Transaction() {
  if (!open_ || !outermost_) return;
  // After some errors SQLite has rolled back by itself.
  if (sqlite3_get_autocommit(database_.impl_->handle) != 0) return;
  sqlite3_exec(database_.impl_->handle, "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  if (outermost_) database_.execute("COMMIT");
  open_ = false;
}

}  // namespace archive
