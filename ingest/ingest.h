#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "config/check_tables.h"
#include "config/quality_rules.h"
#include "config/settings.h"
#include "core/records.h"
#include "index/page_index.h"
#include "ingest/delivery.h"
#include "ingest/progress.h"
#include "ingest/reading_difference.h"
#include "ingest/stage_clock.h"
#include "ocr/page_reader.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// The open parts of an archive that a run writes to, and what it reads with.
struct Workshop {
  const Settings& settings;
  const CheckTables& tables;  ///< the forms among them
  const QualityRules& quality;
  const ReadingModels& models;
  ObjectStore& objects;
  Records& records;
  PageIndex& index;
  std::filesystem::path fatal_pages = {};  ///< of ReadingGuard; empty: none
};

struct IngestOptions {
  int threads = 0;                ///< 0: as the settings say
  bool wait_until_stable = true;  ///< wait for files that were changed a moment ago
  /// Is told every page of the batch that is safe: Acknowledgements.
  std::filesystem::path acknowledge_file;
  /// When a page ends the program, whether it begins anew with the same arguments: ReadingGuard.
  bool begin_anew = true;
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

/// Which pages reprocess() is to look at, and who is told what it changes.
struct ReprocessRequest {
  std::vector<PageNumber> pages;  ///< empty: all
  bool force = false;             ///< also pages that today's engines would read the same
  bool dry_run = false;           ///< only to see what would change
  std::function<void(const ReadingDifference&)> difference;  ///< for every page that was read
};

/// How a run of reprocess() came out, in pages.
struct ReprocessOutcome {
  std::int64_t looked_at = 0;
  std::int64_t current = 0;        ///< read with today's engines and configuration already
  std::int64_t beyond_reach = 0;   ///< read with others, which say nothing of such a page
  std::int64_t without_bytes = 0;  ///< their file could not be read when it was handed in
  std::int64_t read_again = 0;
  std::int64_t changed = 0;
  std::int64_t changed_type = 0;
  std::int64_t changed_fields = 0;
  std::int64_t changed_text = 0;
  std::int64_t filed_now = 0;        ///< were set aside
  std::int64_t kept_unreadable = 0;  ///< filed, could not be read this time: their record stays
  std::int64_t decisions_kept = 0;   ///< of persons, on the pages that were read again
  bool interrupted = false;
};

/// Works on pages again from their stored originals: those that were set aside, and those whose
/// engines or configuration are not today's. What a person decided stays; so does the whole
/// record of a page that cannot be read this time; the reading that is replaced is kept
/// (Records::readings). Safe to stop, to kill and to repeat: the same request goes on with the
/// pages that are left, and puts together again the batches that were not.
ReprocessOutcome reprocess(Workshop& workshop, const ReprocessRequest& request,
                           const IngestOptions& options, IngestProgress& progress,
                           StageClock& clock, const std::atomic<bool>& stop);

/// Puts into the index whatever the records have and it has not (after a kill, or all
/// of it after Records::mark_all_unindexed). Returns the number of pages. `progress` hears how
/// many were put in so far.
std::int64_t bring_index_up_to_date(const FormCatalogue& catalogue, const ObjectStore& objects,
                                    Records& records, PageIndex& index,
                                    const std::atomic<bool>& stop,
                                    const std::function<void(std::int64_t)>& progress = nullptr);

/// How an index differs from what the records say.
struct IndexDifference {
  std::int64_t filed = 0;    ///< pages that should be in it
  std::int64_t indexed = 0;  ///< pages that are
  std::int64_t waiting = 0;  ///< changed since they were put in: the next run does it
  std::int64_t compared = 0;
  std::vector<PageNumber> absent;   ///< filed, not waiting, and not in it
  std::vector<PageNumber> extra;    ///< in it, and not filed
  std::vector<PageNumber> unequal;  ///< in it otherwise than it would be put in now
  IndexState state;

  bool sound() const {
    return absent.empty() && extra.empty() && unequal.empty() && state.missing.empty() &&
           !state.rebuilding;
  }
};

/// Compares every page, or a page in `every_nth` by what its document was made of. Beside a
/// running ingest, pages that changed meanwhile count as waiting.
IndexDifference compare_index(const FormCatalogue& catalogue, const ObjectStore& objects,
                              const Records& records, const PageIndex& index, int every_nth,
                              const std::atomic<bool>& stop);

}  // namespace archive
