#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"
#include "store/sealing/keyring.h"

struct sqlite3;

// The one door to SQL. Statements use $1..$n and read the same for every engine behind
// it; today that is SQLite.

namespace archive {

/// The text of a statement. Only a literal can become one, so that nothing a user typed
/// or a page says can ever be run as SQL: values go in as parameters.
class Sql {
 public:
  // Implicit, so that calls read db.query("SELECT ...").
  consteval Sql(const char* text) : text_(text) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

/// A piece of a statement, for what several statements have in common:
///
///     constexpr SqlPart kBatches = "SELECT batch, name FROM batches ";
///     db.query(joined<kBatches, "WHERE batch = $1">(), {number});
template <std::size_t N>
struct SqlPart {
  consteval SqlPart(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  char text[N]{};
};

template <SqlPart First, SqlPart Second>
struct JoinedSql {
  static constexpr auto join() {
    std::array<char, sizeof(First.text) + sizeof(Second.text) - 1> all{};
    const auto end = std::copy_n(First.text, sizeof(First.text) - 1, all.begin());
    std::copy_n(Second.text, sizeof(Second.text), end);
    return all;
  }
  static constexpr auto kText = join();
};

template <SqlPart First, SqlPart Second>
consteval Sql joined() {
  return Sql(JoinedSql<First, Second>::kText.data());
}

/// Why the database refused, as far as a caller may want to know.
enum class SqlFault { unique, check, busy, full, corrupt, other };

/// ErrorKind::disk when the disk is the reason, ErrorKind::records otherwise. The message
/// names tables and columns, never values.
class SqlError : public ArchiveError {
 public:
  SqlError(SqlFault fault, ErrorKind kind, const std::string& where, const std::string& what,
           const std::string& what_to_do)
      : ArchiveError(kind, where, what, what_to_do), fault_(fault) {}
  SqlFault fault() const noexcept { return fault_; }

 private:
  SqlFault fault_;
};

/// A parameter that is no text: bytes as they are.
struct SqlBytes {
  std::string_view bytes;
};

/// A parameter. The empty alternative is NULL.
using SqlValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string_view, SqlBytes>;
using SqlValues = std::initializer_list<SqlValue>;

/// NULL for 0: a reference to a row that there is not.
inline SqlValue reference(std::int64_t number) {
  return number == 0 ? SqlValue() : SqlValue(number);
}

/// The answer to a query, one row at a time:
///
///     Rows rows = db.query("SELECT page, title FROM pages WHERE source = $1", {source});
///     while (rows.next()) use(Place{rows.integer(), rows.text()});
///
/// Each call takes the next column of the row, so write them where C++ evaluates from
/// left to right: in braces or in statements of their own, not as function arguments.
/// NULL reads as 0, false and "".
class Rows {
 public:
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  bool next();
  std::int64_t integer();
  int small_integer() { return static_cast<int>(integer()); }
  double real();
  bool flag() { return integer() != 0; }
  std::string text();
  std::string bytes();

 private:
  friend class Database;
  struct State;
  explicit Rows(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A connection. Used by one thread at a time.
class Database {
 public:
  enum class Access {
    create,  ///< a new file, which must not be there
    write,
    read,     ///< beside a writer; changes nothing
    scratch,  ///< in memory; no file is touched
  };

  /// For writing: WAL, synchronous=FULL and foreign keys are set and read back; throws
  /// SqlError when the database does not obey, for then a commit may be lost.
  /// With `keys` the file is sealed by them (store/records/sealed_vfs.h).
  Database(const std::filesystem::path& file, Access access, ArchiveKeysPtr keys = nullptr);
  Database(Database&&) noexcept;
  ~Database();

  Rows query(Sql sql, SqlValues values = {});
  /// The first column of the only row, 0 when there is none: INSERT ... RETURNING, COUNT.
  std::int64_t number(Sql sql, SqlValues values = {});
  /// Runs a statement that answers nothing. Returns the number of rows it changed.
  std::int64_t execute(Sql sql, SqlValues values = {});

  /// Several statements in a row, from a migration that is part of the program.
  void run_script(const char* script);
  bool has_table(std::string_view name);

  /// All of it as it is at one moment, into a new file, sealed by the same keys where there are
  /// any. Changes by others meanwhile are not in it.
  void copy_to(const std::filesystem::path& file);

  /// The database's own checks of its pages, indices and references; empty when sound.
  std::vector<std::string> damage();

 private:
  friend class Rows;
  friend class Transaction;
  friend class ChangeWatch;
  sqlite3* handle() const;
  void expect(int code) const;  ///< throws SqlError unless the engine says that all went well
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All or nothing: what is done until commit() disappears when this object goes first.
/// One inside another belongs to the outer one. A reading one shows the database as it was
/// at one moment, and holds up nobody.
class Transaction {
 public:
  enum class Kind { write, read };
  explicit Transaction(Database& database, Kind kind = Kind::write);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Durable when it returns. Throws SqlError, and then nothing was done.
  void commit();

 private:
  Database& database_;
  bool outermost_;
  bool open_;
};

}  // namespace archive
