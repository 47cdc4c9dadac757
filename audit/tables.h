#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace archive::audit {

/// The records cannot be read; the message says why.
class UnreadableRecords : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The records' database, read as a file or from memory: nothing beside it is made or changed.
class RecordsFile {
 public:
  explicit RecordsFile(const std::filesystem::path& file);
  /// Of the bytes of a database in memory, with nothing in a journal.
  explicit RecordsFile(std::string image);
  RecordsFile(RecordsFile&&) noexcept;
  ~RecordsFile();

  struct Event {
    std::int64_t number = 0;
    std::string happened_at, who, post, action, object_kind;
    std::int64_t object_number = 0;
    std::string reason, method, details;
    std::string changes;  ///< a Zstandard frame, or empty
    std::string co_signer;
  };
  void for_each_event(const std::function<void(const Event&)>& visit);

  /// Names of the tables that the ledger covers.
  std::vector<std::string> tables();
  /// A row as docs/STORE_FORMAT.md, "Changes", writes it: "@key=value" parted by tabs, and
  /// "column=value" parted by tabs, in the order of the columns.
  void for_each_row(
      const std::string& table,
      const std::function<void(const std::string& key, const std::string& rest)>& visit);

  /// The writer's count of the Merkle trees.
  struct Tree {
    std::int64_t entries = 0;
    std::string sha256_peaks, sm3_peaks;
  };
  Tree tree();
  /// The steps of the schema, a line each: number, name, time, with tabs.
  std::string schema_text();
  /// Tables that number their rows, each with the last number it gave.
  void for_each_number(
      const std::function<void(const std::string& table, std::int64_t last)>& visit);

  /// What the database says of itself; empty when it is sound.
  std::vector<std::string> damage();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace archive::audit
