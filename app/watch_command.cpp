#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "app/arrival_check.h"
#include "app/commands.h"
#include "app/event_log.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/progress_display.h"
#include "app/run_batch.h"
#include "app/scanned_batch.h"
#include "ingest/arrivals.h"
#include "ingest/hot_folder.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

constexpr std::chrono::milliseconds kLookEvery{500};

/// Waits while another command writes; nothing when it was stopped meanwhile. What is to be done
/// once (`--once`) ends instead, for whoever gave it.
std::unique_ptr<WritableArchive> archive_when_free(const WatchOptions& options,
                                                   const std::atomic<bool>& stop,
                                                   const Console& say) {
  for (bool told = false; !stop; told = true) {
    try {
      return std::make_unique<WritableArchive>(options.archive, "watch");
    } catch (const ArchiveError& error) {
      if (error.kind() != ErrorKind::archive_locked || options.once) throw;
      if (!told) {
        say.note(fmt::format("{}: {}", say("档案库正被占用，等候中", "waiting for the archive"),
                             error.problem()));
      }
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  return nullptr;
}

/// One ready batch. A batch that cannot be taken in (a wrong job sheet, a folder that
/// went away) is named and does not keep the others waiting; a sick machine does.
void take_in(const std::filesystem::path& folder, WritableArchive& archive,
             const WatchOptions& options, const std::atomic<bool>& stop, EventLog& log,
             const Console& say) {
  try {
    Delivery delivery = look_at({folder}, "");
    keep_with_its_scans(delivery, folder, ArchiveFolder::open(options.archive), archive.records());
    tell_left_out(delivery, say);
    Workshop workshop = archive.workshop();
    StageClock clock;
    IngestOutcome outcome;
    {
      ProgressDisplay progress(say);
      outcome = ingest(workshop, delivery, {options.threads, false, {}}, progress, clock, stop);
    }
    log.tell_batch(outcome.batch, outcome.counts, outcome.wall_seconds);
    report_outcome(outcome, say);
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::settings && error.kind() != ErrorKind::input_missing) throw;
    log.tell(EventLog::Level::warn, "batch_refused",
             {{"error", static_cast<int>(error.kind())}});
    say.error(error);
  }
}

/// The archive is held only that long: scrubbing, backups and whoever administers it write between
/// two deliveries.
void take_in_all(const std::vector<std::filesystem::path>& ready, const WatchOptions& options,
                 const std::atomic<bool>& stop, EventLog& log, const Console& say) {
  const auto archive = archive_when_free(options, stop, say);
  for (const auto& batch : ready) {
    if (!stop) take_in(batch, *archive, options, stop, log, say);
  }
}

/// Judges pictures as they come, beside the reading of complete batches, which takes longer
/// than a sheet stays in the operator's hand.
class ArrivalWatch {
 public:
  ArrivalWatch(const std::filesystem::path& folder, const Settings& settings, const Console& say)
      : arrivals_(folder, kWholeAfter),
        check_(settings, say),
        say_(say),
        looking_([this](const std::stop_token& end) { look(end); }) {}

 private:
  // Verdicts are due two seconds after a page came.
  static constexpr std::chrono::milliseconds kWholeAfter{1400};
  static constexpr std::chrono::milliseconds kEvery{300};

  void look(const std::stop_token& end) {
    try {
      while (!end.stop_requested()) {
        check_.tell(arrivals_.look());
        std::this_thread::sleep_for(kEvery);
      }
    } catch (const ArchiveError& error) {
      // Taking in goes on: it judges every page again.
      say_.error(error);
    }
  }

  Arrivals arrivals_;
  ArrivalCheck check_;
  const Console& say_;
  std::jthread looking_;
};

}  // namespace

int run_watch(const WatchOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  const Settings settings =
      read_settings(ArchiveFolder::open(options.archive).settings_file());
  HotFolder folder(options.folder, settings.ingest.stable_after,
                   std::chrono::steady_clock::now);
  say.note(fmt::format("{}: {}", say("正在监视，按 Ctrl-C 停止", "watching, Ctrl-C stops"),
                       options.folder.string()));
  EventLog log(options.log);
  log.tell(EventLog::Level::info, "watching");
  std::optional<ArrivalWatch> arrivals;
  if (!options.once) arrivals.emplace(options.folder, settings, say);
  while (!stop) {
    const HotFolder::Look look = folder.look();
    for (const auto& file : look.loose) {
      say.note(fmt::format(
          "{}: {}",
          say("不属于任何批次，请移入子文件夹", "belongs to no batch, put it into a sub-folder"),
          file.string()));
    }
    if (!look.ready.empty()) take_in_all(look.ready, options, stop, log, say);
    if (options.once && look.filling == 0 && look.ready.empty()) break;
    if (look.ready.empty()) std::this_thread::sleep_for(kLookEvery);
  }
  return stop ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
