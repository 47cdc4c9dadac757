#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "config/forms.h"
#include "config/quality_rules.h"
#include "config/settings.h"
#include "core/records.h"
#include "index/page_index.h"
#include "ingest/delivery.h"
#include "ingest/progress.h"
#include "ingest/stage_clock.h"
#include "ocr/page_reader.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// The open parts of an archive that a run writes to, and what it reads with.
struct Workshop {
  const Settings& settings;
  const FormCatalogue& catalogue;
  const QualityRules& quality;
  const ReadingModels& models;
  ObjectStore& objects;
  Records& records;
  PageIndex& index;
};

struct IngestOptions {
  int threads = 0;                ///< 0: as the settings say
  bool wait_until_stable = true;  ///< wait for files that were changed a moment ago
  /// One line a page is added here after the page is durable and findable:
  /// page number, source name, page in file, separated by tabs.
  std::filesystem::path acknowledge_file;
};

struct IngestOutcome {
  BatchRecord batch;
  BatchCounts counts;
  bool interrupted = false;
  std::int64_t pages_worked = 0;  ///< in this run
  double wall_seconds = 0;
  double cpu_seconds = 0;          ///< this process
  double decoder_cpu_seconds = 0;  ///< its sandboxed children
};

/// Takes a delivery in: receives every file, works on every page, assembles dossiers,
/// files the report. The accounting identity holds at the end of every call, finished
/// or not: page occurrences = filed + set aside + still to do.
///
/// Safe to kill and to repeat: what has a record is not done again. Setting `stop`
/// finishes the pages in flight and returns with `interrupted`.
/// Throws ArchiveError when the machine is sick; everything filed until then stays.
IngestOutcome ingest(Workshop& workshop, const Delivery& delivery, const IngestOptions& options,
                     IngestProgress& progress, StageClock& clock, const std::atomic<bool>& stop);

/// Works on pages again from their stored originals: those that were set aside, or
/// whose engines or configuration are not today's, or all when `force`. What a person
/// decided stays. Returns the number of pages worked on.
struct ReprocessRequest {
  std::vector<PageNumber> pages;  ///< empty: all
  bool force = false;
};
IngestOutcome reprocess(Workshop& workshop, const ReprocessRequest& request,
                        const IngestOptions& options, IngestProgress& progress, StageClock& clock,
                        const std::atomic<bool>& stop);

/// Puts into the index whatever the records have and it has not (after a kill, or all
/// of it after Records::mark_all_unindexed). Returns the number of pages.
std::int64_t bring_index_up_to_date(const FormCatalogue& catalogue, const ObjectStore& objects,
                                    Records& records, PageIndex& index,
                                    const std::atomic<bool>& stop);

}  // namespace archive
