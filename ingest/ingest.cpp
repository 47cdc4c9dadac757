#include "ingest/ingest.h"

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <sys/resource.h>

#include <algorithm>
#include <cassert>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "core/error.h"
#include "ingest/acknowledgements.h"
#include "ingest/assembly.h"
#include "ingest/batch_report.h"
#include "ingest/dossier_checking.h"
#include "ingest/index_feed.h"
#include "ingest/natural_order.h"
#include "ingest/page_work.h"
#include "ingest/pipeline.h"
#include "ingest/receiving.h"
#include "store/objects/compression.h"
#include "store/records/decisions.h"

namespace archive {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int threads_of(const Workshop& workshop, const IngestOptions& options) {
  if (options.threads > 0) return options.threads;
  if (workshop.settings.ingest.threads > 0) return workshop.settings.ingest.threads;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

// Pages are filed in order, so those behind a slow one wait. They wait without their pictures,
// a few hundred kilobytes each.
constexpr int kPagesAThread = 16;

/// A page that is to be worked on.
struct PageTask {
  PageOccurrence occurrence;
  SourceRecord source;
  PageNumber known_as = 0;  ///< its number when it has a record already
  ReadingDecisions decided;
};

/// The pages still to be done of a list of sources, one after another. Looks into the
/// records once a source, so nothing grows with the batch.
class OpenPages {
 public:
  OpenPages(const std::vector<SourceRecord>& sources, const Records& records)
      : sources_(sources), records_(records) {}

  std::optional<PageTask> next() {
    while (at_ < sources_.size()) {
      const SourceRecord& source = sources_[at_];
      if (page_ == 0) done_ = records_.pages_done(source.number);
      while (page_ < source.pages && done_.contains(page_)) ++page_;
      if (page_ < source.pages) {
        const int page = page_++;
        return PageTask{
            {source.batch, source.number, page, source.first_order + page}, source, 0, {}};
      }
      ++at_;
      page_ = 0;
    }
    return std::nullopt;
  }

 private:
  const std::vector<SourceRecord>& sources_;
  const Records& records_;
  std::size_t at_ = 0;
  int page_ = 0;
  std::set<int> done_;
};

/// One run: the threads' readers, the pipeline and its end.
class Run {
 public:
  Run(Workshop& workshop, const IngestOptions& options, IngestProgress& progress, StageClock& clock,
      const std::atomic<bool>& stop)
      : workshop_(workshop),
        options_(options),
        progress_(progress),
        clock_(clock),
        stop_(stop),
        threads_(threads_of(workshop, options)),
        decoder_(workshop.settings.ingest.decode, threads_),
        forms_(workshop.tables.forms),
        acknowledgements_(options.acknowledge_file),
        tools_{decoder_,
               forms_,
               workshop.objects,
               clock,
               workshop.quality,
               [this](const PageRecord& page) {
                 const std::lock_guard lock(progress_mutex_);
                 progress_.page_judged(page);
               },
               engines_json(workshop.models),
               workshop.tables.forms.version()},
        guard_(workshop.fatal_pages.empty()
                   ? nullptr
                   : std::make_unique<ReadingGuard>(
                         workshop.fatal_pages, workshop.settings.ingest.page_cpu_seconds_max,
                         options.begin_anew ? ReadingGuard::Then::begin_anew
                                            : ReadingGuard::Then::end)),
        readers_([this] {
          return std::make_unique<PageReader>(workshop_.models, workshop_.settings.ocr);
        }) {
    tools_.guard = guard_.get();
    for (const BatchRecord& batch : workshop.records.batches()) {
      if (!batch.job_sheet.category.empty()) other_categories_.insert(batch.number);
    }
  }

  std::vector<SourceRecord> receive_all(Delivery delivery, const BatchRecord& batch) {
    const std::vector<SourceRecord> known = workshop_.records.sources(batch.number);
    if (!known.empty()) {
      name_beside(*std::ranges::min_element(known, {}, &SourceRecord::number), delivery);
    }
    ReceivingTools tools{workshop_.settings.ingest,
                         workshop_.objects,
                         workshop_.records,
                         decoder_,
                         progress_,
                         clock_,
                         threads_,
                         options_.wait_until_stable};
    return receive(delivery, batch, tools, stop_);
  }

  /// As archive::look_into.
  std::optional<PageFault> look_into(SourceRecord& source) {
    return archive::look_into(workshop_.objects, decoder_, workshop_.settings.ingest.decode,
                              source);
  }

  /// From now on nothing is put into the object store.
  void only_look() { tools_.keep = false; }

  /// Says whether a page that was worked on is to be filed.
  using Approval = std::function<bool(const PageTask&, WorkedPage&)>;

  /// Works on every page that `next` gives and files it, unless `approve` is there and says no.
  /// Returns how many were worked on.
  std::int64_t work_through(const std::function<std::optional<PageTask>()>& next,
                            const Approval& approve = nullptr) {
    const auto& settings = workshop_.settings.ingest;
    IndexFeed feed(workshop_.tables.forms, workshop_.records, workshop_.index,
                   {settings.index_commit_pages, settings.index_commit_after},
                   [this](const std::vector<PageRecord>& pages) { acknowledgements_.add(pages); });
    std::int64_t worked = 0;
    PipelineParts<PageTask, WorkedPage> parts;
    parts.next = [&] {
      const std::lock_guard lock(records_mutex_);
      return stop_ ? std::nullopt : next();
    };
    parts.work = [this](const PageTask& task) {
      return work_on(task.occurrence, task.source, tools_, *readers_.local(), task.decided,
                     other_categories_.contains(task.occurrence.batch));
    };
    parts.finish = [&](const PageTask& task, WorkedPage& page) {
      const std::lock_guard lock(records_mutex_);
      ++worked;
      if (!approve || approve(task, page)) {
        file(task, page, feed);
      } else {
        progress_.page_filed(page.record);
      }
    };
    run_pipeline(parts, threads_, pages_in_flight());
    feed.flush();
    return worked;
  }

 private:
  void file(const PageTask& task, WorkedPage& page, IndexFeed& feed) {
    {
      const StageClock::Measure measure(clock_, Stage::store);
      page.record.number = task.known_as;
      page.record.number = workshop_.records.put_page(page.record);
      // What persons decided and typed is in the records only.
      if (task.known_as != 0) page.record = *workshop_.records.page(page.record.number);
    }
    const StageClock::Measure measure(clock_, Stage::index);
    {
      const std::lock_guard lock(progress_mutex_);
      progress_.page_filed(page.record);
    }
    feed.put(std::move(page.record), std::move(page.layout));
  }

  int pages_in_flight() const {
    const int wanted = workshop_.settings.ingest.pages_in_flight;
    return wanted > 0 ? wanted : kPagesAThread * threads_;
  }

  Workshop& workshop_;
  const IngestOptions& options_;
  IngestProgress& progress_;
  StageClock& clock_;
  const std::atomic<bool>& stop_;
  int threads_;
  DecoderPool decoder_;
  FormReader forms_;
  Acknowledgements acknowledgements_;
  PageTools tools_;
  std::unique_ptr<ReadingGuard> guard_;
  std::set<BatchNumber> other_categories_;  // batches whose papers are of another category
  oneapi::tbb::enumerable_thread_specific<std::unique_ptr<PageReader>> readers_;
  std::mutex progress_mutex_;  // pages are judged in many threads
  std::mutex records_mutex_;   // the source of the pipeline and its end run at the same time
};

/// A batch, or the archive for 0. What a stop leaves undone the next check does.
void check(Workshop& workshop, BatchNumber batch, const std::atomic<bool>& stop) {
  bring_checks_up_to_date(workshop.records, workshop.tables, batch,
                          workshop.settings.ingest.threads, nullptr, stop);
}

void close(Workshop& workshop, IngestOutcome& outcome) {
  const BatchNumber number = outcome.batch.number;
  outcome.counts = workshop.records.counts(number);
  const std::string hold = reason_to_hold(outcome.batch.job_sheet, outcome.counts);
  const BlobId report =
      workshop.objects.put(batch_report(workshop.records, outcome.batch, workshop.quality));
  workshop.records.close_batch(number, hold.empty() ? BatchState::complete : BatchState::held, hold,
                               report);
  outcome.batch = *workshop.records.batch(number);
}

bool nothing_new(const IngestOutcome& outcome, const std::vector<SourceRecord>& sources,
                 const Records& records) {
  if (outcome.batch.state == BatchState::open) return false;
  return !OpenPages(sources, records).next().has_value();
}

/// Whether reading a page again could make a difference, by what it was read with.
class Reach {
 public:
  enum class Verdict { current, beyond_reach, within };

  Reach(const ReadingModels& models, const FormCatalogue& catalogue)
      : engines_(engines_json(models)), config_(catalogue.version()) {}

  Verdict of(const PageRecord& page) const {
    if (page.state != PageState::filed) return Verdict::within;
    if (page.engines == engines_ && page.config_version == config_) return Verdict::current;
    // Neither forms nor a second opinion have a say in whether there is anything on a page.
    const bool same_eyes = first_engine(page.engines) == first_engine(engines_);
    return page.kind == PageKind::blank && same_eyes ? Verdict::beyond_reach : Verdict::within;
  }

 private:
  // The first of the list reads; what comes after it is only asked.
  static std::string first_engine(const std::string& engines) {
    const auto list = nlohmann::json::parse(engines, nullptr, false);
    return list.is_array() && !list.empty() ? list.front().dump() : std::string();
  }

  std::string engines_;
  std::string config_;
};

std::vector<PageNumber> pages_to_read_again(const Workshop& workshop,
                                            const ReprocessRequest& request,
                                            ReprocessOutcome& outcome) {
  const Reach reach(workshop.models, workshop.tables.forms);
  const std::set<PageNumber> wanted(request.pages.begin(), request.pages.end());
  std::vector<PageNumber> to_do;
  workshop.records.for_each_page([&](const PageRecord& page) {
    if (!wanted.empty() && !wanted.contains(page.number)) return;
    ++outcome.looked_at;
    const Reach::Verdict verdict = request.force ? Reach::Verdict::within : reach.of(page);
    if (!page.source_blob) {
      ++outcome.without_bytes;
    } else if (verdict == Reach::Verdict::current) {
      ++outcome.current;
    } else if (verdict == Reach::Verdict::beyond_reach) {
      ++outcome.beyond_reach;
    } else {
      to_do.push_back(page.number);
    }
  });
  if (static_cast<std::size_t>(outcome.looked_at) < wanted.size()) {
    throw ArchiveError(ErrorKind::not_found, "the pages that were named",
                       std::to_string(wanted.size() - static_cast<std::size_t>(outcome.looked_at)) +
                           " of them are not in the archive",
                       "page numbers are printed by `juanzong search` and `juanzong status`");
  }
  return to_do;
}

// An earlier text that is damaged is one more reason to read the page again, none to stop.
PageLayout earlier_layout(const ObjectStore& objects, const PageRecord& page) {
  if (!page.layout_blob) return {};
  try {
    return parse_layout(expand(objects.get(*page.layout_blob)));
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::damage && error.kind() != ErrorKind::not_found) throw;
    return {};
  }
}

ReadingDifference difference_made(const Workshop& workshop, const PageTask& task,
                                  const WorkedPage& page) {
  const auto before = workshop.records.page(task.known_as);
  assert(before);
  return difference_between(*before, earlier_layout(workshop.objects, *before),
                            with_decisions(*before, page.record), page.layout);
}

void count(const ReadingDifference& difference, ReprocessOutcome& outcome) {
  outcome.changed += difference.anything() ? 1 : 0;
  outcome.changed_type += difference.type_changed() ? 1 : 0;
  outcome.changed_fields += difference.fields.empty() ? 0 : 1;
  outcome.changed_text += difference.text_changed() ? 1 : 0;
  outcome.filed_now += difference.filed_now ? 1 : 0;
  outcome.kept_unreadable += difference.kept_unreadable ? 1 : 0;
  outcome.decisions_kept += difference.decisions_kept;
}

class CpuAccount {
 public:
  void close(IngestOutcome& outcome) const {
    outcome.cpu_seconds = cpu_seconds(RUSAGE_SELF) - own_;
    outcome.decoder_cpu_seconds = cpu_seconds(RUSAGE_CHILDREN) - children_;
    outcome.wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  double own_ = cpu_seconds(RUSAGE_SELF);
  double children_ = cpu_seconds(RUSAGE_CHILDREN);
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

IngestOutcome ingest(Workshop& workshop, const Delivery& delivery, const IngestOptions& options,
                     IngestProgress& progress, StageClock& clock, const std::atomic<bool>& stop) {
  const CpuAccount account;
  IngestOutcome outcome;
  outcome.batch = workshop.records.open_batch(delivery.key, delivery.name, delivery.job_sheet);
  bool anything_new = false;
  bring_index_up_to_date(workshop.tables.forms, workshop.objects, workshop.records, workshop.index,
                         stop);
  {
    Run run(workshop, options, progress, clock, stop);
    const std::vector<SourceRecord> sources = run.receive_all(delivery, outcome.batch);
    // What was received may have opened it again.
    outcome.batch = *workshop.records.batch(outcome.batch.number);
    anything_new = !nothing_new(outcome, sources, workshop.records);
    if (anything_new) {
      std::int64_t in_all = 0;
      for (const SourceRecord& source : sources) in_all += std::max(0, source.pages);
      const BatchCounts before = workshop.records.counts(outcome.batch.number);
      const std::int64_t done = before.filed + before.set_aside + before.replaced;
      progress.reading_begins(in_all - done, done);
      OpenPages pages(sources, workshop.records);
      outcome.pages_worked = run.work_through([&pages] { return pages.next(); });
    }
  }
  outcome.interrupted = stop;
  if (!outcome.interrupted && anything_new) {
    assemble_batch(workshop.records, workshop.tables.forms, outcome.batch.number);
    bring_index_up_to_date(workshop.tables.forms, workshop.objects, workshop.records,
                           workshop.index, stop);
    check(workshop, outcome.batch.number, stop);
    close(workshop, outcome);
  }
  if (!outcome.interrupted) {
    // Those of a run that was killed before it told them, and those that were never read.
    Acknowledgements rest(options.acknowledge_file);
    if (rest.wanted()) rest.add(workshop.records.pages(outcome.batch.number));
  }
  outcome.counts = workshop.records.counts(outcome.batch.number);
  account.close(outcome);
  return outcome;
}

/// A file that was set aside as a whole stands in the records as one page, however many it has.
/// Whether it opens now: then it gets the pages it has, and its batch is open until they are read.
bool opens_now(Workshop& workshop, Run& run, const PageRecord& page, bool dry_run) {
  auto source = *workshop.records.source(page.occurrence.source);
  if (page.state != PageState::set_aside || source.pages > 1) return true;
  const int before = source.pages;
  if (run.look_into(source)) return false;
  if (source.pages != before && !dry_run) {
    workshop.records.set_source_pages(source.number, source.pages, source.warnings);
  }
  return true;
}

/// Files of batches that were complete before, and of which some pages are not read yet.
std::vector<SourceRecord> files_begun(const Records& records, const std::set<PageNumber>& wanted) {
  std::vector<SourceRecord> begun;
  for (const BatchRecord& batch : records.batches()) {
    if (batch.state != BatchState::open || !batch.report_blob) continue;
    std::set<SourceNumber> named;
    for (const PageRecord& page : records.pages(batch.number)) {
      if (wanted.empty() || wanted.contains(page.number)) named.insert(page.occurrence.source);
    }
    for (SourceRecord& source : records.sources(batch.number)) {
      if (named.contains(source.number)) begun.push_back(std::move(source));
    }
  }
  return begun;
}

/// Batches of these files are complete again when all of their pages are read.
void close_again(Workshop& workshop, const std::vector<SourceRecord>& begun) {
  std::set<BatchNumber> batches;
  for (const SourceRecord& source : begun) batches.insert(source.batch);
  for (const BatchNumber number : batches) {
    const std::vector<SourceRecord> sources = workshop.records.sources(number);
    if (OpenPages(sources, workshop.records).next()) continue;
    IngestOutcome outcome;
    outcome.batch = *workshop.records.batch(number);
    close(workshop, outcome);
  }
}

ReprocessOutcome reprocess(Workshop& workshop, const ReprocessRequest& request,
                           const IngestOptions& options, IngestProgress& progress,
                           StageClock& clock, const std::atomic<bool>& stop) {
  ReprocessOutcome outcome;
  std::vector<PageNumber> to_do = pages_to_read_again(workshop, request, outcome);
  std::vector<SourceRecord> begun;
  progress.reading_begins(static_cast<std::int64_t>(to_do.size()), 0);
  {
    Run run(workshop, options, progress, clock, stop);
    if (request.dry_run) run.only_look();
    outcome.kept_unreadable += std::erase_if(to_do, [&](PageNumber number) {
      return !opens_now(workshop, run, *workshop.records.page(number), request.dry_run);
    });
    if (!request.dry_run) {
      begun = files_begun(workshop.records, {request.pages.begin(), request.pages.end()});
    }
    OpenPages open(begun, workshop.records);
    std::size_t at = 0;
    std::set<std::pair<SourceNumber, int>> read;
    const auto next = [&]() -> std::optional<PageTask> {
      if (at == to_do.size()) {
        auto task = open.next();
        while (task && read.contains({task->source.number, task->occurrence.page_in_file})) {
          task = open.next();
        }
        return task;
      }
      const auto page = workshop.records.page(to_do[at++]);
      assert(page);
      read.emplace(page->occurrence.source, page->occurrence.page_in_file);
      const auto source = workshop.records.source(page->occurrence.source);
      assert(source);
      return PageTask{page->occurrence, *source, page->number, decided_about(*page)};
    };
    outcome.read_again = run.work_through(next, [&](const PageTask& task, WorkedPage& page) {
      if (task.known_as == 0) {
        if (page.record.state == PageState::filed) ++outcome.filed_now;
        return true;
      }
      const ReadingDifference difference = difference_made(workshop, task, page);
      count(difference, outcome);
      if (request.difference) request.difference(difference);
      return !request.dry_run && !difference.kept_unreadable;
    });
  }
  outcome.interrupted = stop;
  if (outcome.interrupted || request.dry_run) return outcome;
  assemble_what_changed(workshop.records, workshop.tables.forms);
  bring_index_up_to_date(workshop.tables.forms, workshop.objects, workshop.records, workshop.index,
                         stop);
  check(workshop, 0, stop);
  close_again(workshop, begun);
  return outcome;
}

}  // namespace archive
