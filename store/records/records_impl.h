#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/records/ledger_writer.h"
#include "store/records/records.h"
#include "store/records/schema.h"
#include "store/records/sql.h"
#include "store/writer_lock.h"

namespace archive {

struct Records::Impl {
  std::string where;
  std::optional<WriterLock> lock;  ///< nothing for a reader
  Database database;
  // The revision of each page as this object last wrote it or handed it out, until it
  // is marked as indexed.
  std::unordered_map<PageNumber, std::int64_t> revisions;
  std::unique_ptr<LedgerWriter> ledger;  ///< nothing for a reader
  std::optional<Powers> powers;          ///< nothing: the program itself may do anything
  int open_transactions = 0;             ///< one inside another
  bool together = false;                 ///< the outermost one allows nothing
  std::optional<Right> refused = {};     ///< in that one: noted once it is undone

  /// Adds what was done to the history. REQUIRES: in the transaction that did it.
  void note(std::string_view action, std::string_view object_kind, std::int64_t object_number,
            std::string_view details = "{}");
  /// Makes an event where the settings or the steps of the schema are not those the last process
  /// wrote with.
  void note_what_is_outside(const std::filesystem::path& settings);
  void note_digest(std::string_view what, std::string_view action, const std::string& text);
  /// Returns the digest when it is another than was kept. REQUIRES: in a transaction.
  std::string keep_digest(std::string_view what, const std::string& text);
  std::string schema_text();
  /// Throws ArchiveError{forbidden}, and notes it, unless this writer has one of the rights.
  void require(std::span<const Right> any_of);
  void note_refusal(Right right);
  /// Applies the steps that are missing, each with an entry of the ledger.
  void upgrade(std::span<const Migration> steps);
  /// Keeps what a person says; see Records::put_typed_value(). REQUIRES: in a transaction.
  TypedNumber keep_typed_value(PageNumber page, const TypedValue& typed);
  /// Something new came for a batch: if it was closed, it is open again.
  void reopen(BatchNumber batch);
};

/// A transaction that changes the records: its events and the rows that change in it become the
/// next entries of the ledger. One inside another belongs to the outer one.
class RecordedTransaction {
 public:
  /// What follows from what was allowed, such as putting a batch together.
  explicit RecordedTransaction(Records::Impl& impl) : RecordedTransaction(impl, {}) {}
  /// What somebody does who must have one of these rights; see Records::Impl::require().
  RecordedTransaction(Records::Impl& impl, std::initializer_list<Right> any_of);
  ~RecordedTransaction();
  RecordedTransaction(const RecordedTransaction&) = delete;
  RecordedTransaction& operator=(const RecordedTransaction&) = delete;

  /// Durable when it returns, as Transaction::commit(). When the head that was due cannot be signed
  /// it throws though all is durable: the run stops, and the next one signs it.
  void commit();

 private:
  Records::Impl& impl_;
  LedgerWriter& ledger_;
  Transaction transaction_;
  bool outermost_;
  bool open_ = true;
};

/// "" for no object.
inline std::string_view text_of(const std::optional<BlobId>& blob) {
  return blob ? std::string_view(blob->text()) : std::string_view();
}

}  // namespace archive
