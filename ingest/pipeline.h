#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "config/settings.h"
#include "core/records.h"
#include "ingest/page_work.h"

namespace archive {

/// A page that is to be worked on.
struct PageTask {
  PageOccurrence occurrence;
  SourceRecord source;
  PageNumber known_as = 0;  ///< its number when it has a record already
};

/// The parallel part of a run: pages flow through one serial source, parallel work and
/// one serial end, in the order they came. At most `pages_in_flight` pages are in
/// memory, whatever the batch's size.
///
/// A bad page is a value and flows on. What `work` or `file` throw is a sick machine:
/// no further page begins, the pages in flight are dropped unfiled (the next run does
/// them), and the first exception is thrown again after all threads have come home.
struct PipelineParts {
  std::function<std::optional<PageTask>()> next;           ///< serial; nothing: the end
  std::function<WorkedPage(const PageTask&)> work;         ///< parallel
  std::function<void(const PageTask&, WorkedPage&)> file;  ///< serial, in order
};
void run_pipeline(const PipelineParts& parts, int threads, int pages_in_flight);

/// Runs `work(i)` for i in [0, count) on `threads` threads; rethrows the first
/// exception after all have ended. Stops early when `stop` is set.
void for_each_parallel(std::int64_t count, int threads, const std::atomic<bool>& stop,
                       const std::function<void(std::int64_t)>& work);

}  // namespace archive
