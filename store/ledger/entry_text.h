#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ledger.h"

// The texts that the ledger hashes; docs/STORE_FORMAT.md, "Ledger".

namespace archive {

/// What a leaf of the tree is made of.
std::string entry_text(const LedgerEntry& entry);

/// What the signature of a head is made over, without it: one line without its end.
std::string head_text(const LedgerHead& head);

/// A value of a row: nothing, a number, a text, bytes.
struct RowBytes {
  std::string_view bytes;
};
using RowValue = std::variant<std::monostate, std::int64_t, double, std::string_view, RowBytes>;

/// How one row changed.
struct RowChange {
  enum class Kind { added, changed, removed };
  struct Column {
    std::string_view name;
    bool key = false;
    RowValue before;  ///< of a changed or removed row
    RowValue after;   ///< of an added or changed row
  };
  Kind kind = Kind::added;
  std::string_view table;
  std::vector<Column> columns;  ///< of a changed row: its key and what changed
};

/// One line with its end.
std::string change_line(const RowChange& change);

/// The line of a column that a newer version of the program added: every row that the table has
/// holds this value in it.
std::string new_column_line(std::string_view table, std::string_view column, const RowValue& value);

}  // namespace archive
