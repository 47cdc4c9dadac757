#pragma once

#include <cstdint>
#include <string>

#include "core/records.h"

namespace archive {

/// Told how a run goes on. Calls come from one thread at a time, but not always the
/// same one; they must return soon, the pages wait for them.
class IngestProgress {
 public:
  virtual ~IngestProgress() = default;

  virtual void received(std::int64_t files_done, std::int64_t files_in_all) = 0;
  /// A file that could not be taken in, or was kept without being read.
  virtual void source_noted(const SourceRecord& source, const std::string& remark) = 0;
  virtual void reading_begins(std::int64_t pages_to_do, std::int64_t pages_done_before) = 0;
  /// The picture of a page was judged; it has not been read yet, and the paper may still be
  /// at hand. `page.quality` is there, what comes later is not.
  virtual void page_judged(const PageRecord& page) = 0;
  virtual void page_filed(const PageRecord& page) = 0;
};

}  // namespace archive
