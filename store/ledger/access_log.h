#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/ledger.h"
#include "store/objects/disk.h"

namespace archive {

/// Somebody saw, searched or was refused (利用登记).
struct AccessEntry {
  std::int64_t number = 0;  ///< from 1
  std::string at;           ///< ISO 8601 with zone
  std::string who, post;
  std::string action;       ///< "page_opened", "searched", "refused", "signed_in", ...
  std::string object;       ///< "page 12", "dossier 3", or ""
  std::string channel, purpose, applicant, agent;
  std::string reason;
  std::string address;      ///< of the network

  friend bool operator==(const AccessEntry&, const AccessEntry&) = default;
};

/// Who saw what, as a file that only grows, apart from the ledger of changes: readers have no lock
/// on the records, and pages are opened while a batch comes in.
///
///     access/log    a line an entry: a JSON array of the fields, a tab, and the SHA-256 of the
///                   last line's together with this array
///
/// A line that was changed, taken out or put in breaks the chain from there on; what it ends with
/// is noted in the ledger now and then (store/lifecycle/access_note.h), which signed heads cover:
/// verify() compares. Of an encrypted archive the array is sealed and stands there in hexadecimal
/// digits.
///
/// All members may be called from any thread, and several processes may write: each looks first
/// what the others added.
class AccessLog {
 public:
  /// Opens or begins it. What a kill left of an unfinished line is taken away. Throws
  /// ArchiveError{damage} when the chain is broken, {disk} when it cannot be written.
  explicit AccessLog(const std::filesystem::path& archive_folder, Disk& disk = real_disk());
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  /// Durable when it returns. Number and time are given here, and the number is returned. Throws
  /// ArchiveError{disk}: then nobody may be shown what they asked for.
  std::int64_t append(AccessEntry entry);

  struct End {
    std::int64_t entries = 0;
    std::string chain;  ///< 64 digits
  };
  End end() const;

  /// How far a reader has come.
  struct Cursor {
    std::int64_t entries = 0;
    std::int64_t bytes = 0;
  };
  /// Entries after those the cursor has seen, at most so many; it goes on behind them.
  void read_on(Cursor& cursor, std::int64_t at_most,
               const std::function<void(const AccessEntry&)>& visit) const;

  /// Entries in the order of the log, from `after` on, at most so many.
  void for_each(std::int64_t after, std::int64_t at_most,
                const std::function<void(const AccessEntry&)>& visit) const;

  /// The newest first, those before the entry `before` (0: all), until visit() says false.
  void newest_first(std::int64_t before,
                    const std::function<bool(const AccessEntry&)>& visit) const;

  /// Reads the whole file: the number of the first entry that breaks the chain, nothing when none
  /// does or there is no log. `each` is told how far the chain has come after every entry.
  static std::optional<std::int64_t> first_broken(
      const std::filesystem::path& archive_folder,
      const std::function<void(const End&)>& each = nullptr);

 private:
  struct Sealing;
  void read_what_others_added();
  AccessEntry entry_in(std::string_view line, std::int64_t number) const;
  std::filesystem::path file_;
  Disk& disk_;
  mutable std::mutex mutex_;
  int fd_ = -1;                       // guarded by mutex_
  std::uint64_t size_ = 0;            // guarded by mutex_: bytes of the file up to end_
  End end_;                           // guarded by mutex_
  bool failed_ = false;               // guarded by mutex_: a failed fsync is never tried again
  std::unique_ptr<Sealing> sealing_;  // of an encrypted archive
};

}  // namespace archive
