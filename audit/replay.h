#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace archive::audit {

/// The tables as the ledger's changes make them, docs/STORE_FORMAT.md, "Changes".
class Replay {
 public:
  /// One event's changes. Returns what is wrong with the first line that cannot be applied, such as
  /// a row that is changed and not there; empty when all could.
  std::string apply(std::string_view changes);

  enum class Row { same, different, unknown };
  /// Compares a row that is there with the one that the ledger makes, which is then forgotten.
  Row take(const std::string& table, const std::string& key, const std::string& rest);
  /// The rows that take() was not asked for.
  void for_each_left(
      const std::function<void(const std::string& table, const std::string& key)>& visit) const;

  /// The largest number that was ever given to a row of a table whose key is one; 0: none.
  std::int64_t last_number(const std::string& table) const;

  std::int64_t rows() const { return rows_; }  ///< that there should be now

 private:
  using Table = std::unordered_map<std::string, std::string>;  // key to rest
  void note_number(const std::string& table, const std::string& key);
  std::string apply_line(std::string_view line);

  std::unordered_map<std::string, Table> tables_;
  std::unordered_map<std::string, std::int64_t> last_numbers_;
  std::int64_t rows_ = 0;
};

}  // namespace archive::audit
