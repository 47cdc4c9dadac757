#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/records/records.h"
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

  /// Adds what was done to the history. REQUIRES: in the transaction that did it.
  void note(std::string_view action, std::string_view object_kind, std::int64_t object_number,
            std::string_view details = "{}");
  /// Something new came for a batch: if it was closed, it is open again.
  void reopen(BatchNumber batch);
};

/// "" for no object.
inline std::string_view text_of(const std::optional<BlobId>& blob) {
  return blob ? std::string_view(blob->text()) : std::string_view();
}

}  // namespace archive
