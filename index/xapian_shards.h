#pragma once

#include <xapian.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "index/page_index.h"
#include "index/xapian_query.h"

// The databases that an index is made of. Only the files xapian_*.cpp include this.
//
//     index/manifest     "juanzong index 3", then a line a shard: shard NAME FOLDER; and
//                        "rebuilding" while not every page is in it
//     index/lock         held by the process that writes
//     index/FOLDER/      a Xapian database; the number of a document is the page's
//
// Replaced whole by renaming, so a reader sees the old list of shards or the new one.

namespace archive {

struct Shard {
  std::string name;
  std::string folder;  ///< below the index's
  Xapian::Database database;
  std::unique_ptr<Xapian::WritableDatabase> writer;  ///< of the same, for a writer
  bool changed = false;                              ///< since the last commit
};

/// A shard that cannot be read names itself, so that the others may answer without it.
struct ShardError {
  std::string shard;
  std::string what;
};

/// What is asked of one shard. That a writer overtook the answer is no damage, and is passed on.
template <class Work>
auto asking(const Shard& shard, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Xapian::DatabaseModifiedError&) {
    throw;
  } catch (const Xapian::DatabaseError& error) {
    throw ShardError{shard.name, error.get_msg()};
  }
}

/// The right to write, as long as it lives.
class IndexLock {
 public:
  IndexLock() = default;
  explicit IndexLock(const std::filesystem::path& file);
  IndexLock(IndexLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  IndexLock& operator=(IndexLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~IndexLock();

 private:
  int descriptor_ = -1;
};

class Shards : public Vocabulary {
 public:
  static Shards open_writer(const std::filesystem::path& index_folder);
  static Shards open_reader(const std::filesystem::path& index_folder);

  std::vector<Shard>& all() { return shards_; }
  const std::vector<Shard>& all() const { return shards_; }
  const std::vector<std::string>& missing() const { return missing_; }
  bool rebuilding() const { return rebuilding_; }
  bool writing() const { return writing_; }

  /// For a reader: what was committed since; the list of shards too.
  void reopen();
  /// This shard cannot be read: the others answer without it. False when none is left.
  bool give_up(const std::string& name);

  /// Made when there is none. For a writer, as are the rest.
  Shard& to_write(const std::string& name);
  void commit(std::int64_t ledger_entries);
  void set_rebuilding(bool rebuilding);
  void compact();

  /// Fields that pages have values of. A writer's are kept by its next commit.
  const std::set<std::string>& fields() const { return fields_; }
  void add_fields(const std::set<std::string>& fields);
  std::int64_t ledger_entries() const;

  std::uint64_t pages_with(const std::string& term) const override;
  std::vector<std::string> beginning_with(const std::string& prefix,
                                          std::size_t at_most) const override;

 private:
  explicit Shards(std::filesystem::path folder) : folder_(std::move(folder)) {}
  bool read_manifest();  ///< false: as it was
  void write_manifest() const;
  void open_database(Shard& shard) const;
  void open_all();
  void read_fields(const Shard& shard);
  void remove_leftovers() const;

  std::filesystem::path folder_;
  IndexLock lock_;
  std::string manifest_;  // as it was read
  std::vector<Shard> shards_;
  std::vector<std::string> missing_;
  std::set<std::string> fields_;
  bool rebuilding_ = false;
  bool writing_ = false;
};

/// Runs work on the index; what Xapian throws becomes an ArchiveError.
[[noreturn]] void rethrow_index_error(const Xapian::Error& error);
[[noreturn]] void throw_damaged_index(const std::string& what);
template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Xapian::Error& error) {
    rethrow_index_error(error);
  }
}

}  // namespace archive
