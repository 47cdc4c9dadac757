#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "store/ledger/entry_text.h"
#include "store/records/sql.h"

namespace archive {

/// Sees how the rows of the ledger's tables (core/ledger.h) change in a transaction, whichever
/// statement does it, so that no change can be forgotten in the ledger.
class ChangeWatch {
 public:
  explicit ChangeWatch(Database& database);
  ~ChangeWatch();
  ChangeWatch(const ChangeWatch&) = delete;
  ChangeWatch& operator=(const ChangeWatch&) = delete;

  /// REQUIRES: a transaction was just begun. What was seen before is forgotten.
  void begin();
  /// The rows that are other than at begin(), and ends it. A row that was changed and changed back
  /// is none. The texts of a change live until visit() returns.
  void end(const std::function<void(const RowChange&)>& visit);
  void forget() noexcept;
  /// A migration changed tables.
  void forget_columns() { known_.clear(); }

  /// Every row there is, as one that was added: table after table.
  void for_each_row(const std::function<void(const RowChange&)>& visit);

 private:
  struct Column {
    std::string name;
    bool key = false;
    bool in_ledger = true;
    // Of a column that may not be NULL. Rows of before it was added have it without holding it, and
    // the engine's session says NULL of them.
    std::string standard;
  };
  struct Session;

  const std::vector<Column>& columns_of(const std::string& table);
  std::vector<std::string> tables() const;
  bool take(void* iterator, RowChange& change);

  Database& database_;
  std::unique_ptr<Session> session_;
  std::map<std::string, std::vector<Column>> known_;
};

}  // namespace archive
