#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "app/keeping_commands.h"
#include "app/custody_support.h"
#include "app/interrupt.h"
#include "app/verification.h"
#include "app/writing.h"
#include "store/custody/garbage.h"
#include "store/writer_lock.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

// Longer than an object lies in the store before a record names it.
constexpr std::chrono::days kGraceBesideMin{1};

/// The grace that holds. A short one needs `alone`: what another process files at this moment would
/// be garbage to it.
std::chrono::days grace_for(const GarbageOptions& options, const Settings& settings,
                            const Console& say, std::optional<BesideLock>& alone) {
  const std::chrono::days asked(options.grace_days >= 0 ? options.grace_days
                                                        : settings.lifecycle.garbage_grace_days);
  if (asked >= kGraceBesideMin) return asked;
  if (auto lock = BesideLock::alone(options.archive)) {
    alone.emplace(*std::move(lock));
    return asked;
  }
  say.note(say("juanzong serve 正在运行：宽限期按一天计",
               "`juanzong serve` is running: the grace is a day"));
  return kGraceBesideMin;
}

void require_sound(const GarbageOptions& options, const Console& say) {
  const WholeVerification whole = verify_whole(options.archive, [&say](const VerifyCounts& counts) {
    if (!say.json() && say.live()) {
      say.progress(fmt::format("{} {}", say("已校验对象", "objects verified"), counts.objects));
    }
  });
  say.end_progress();
  if (whole.sound()) return;
  throw ArchiveError(ErrorKind::damage, options.archive.string(),
                     "verify is not clean, and damaged records may not say what is needed",
                     "run `juanzong verify`, repair what it lists, and then this again");
}

void tell(const GarbageOutcome& outcome, const std::string& place, bool dry_run,
          const Console& say) {
  if (say.json()) {
    const Json json = {{"place", place},
                       {"dry_run", dry_run},
                       {"objects", outcome.objects},
                       {"marked", outcome.marked},
                       {"waiting", outcome.waiting},
                       {"removed", outcome.removed},
                       {"needed", outcome.needed},
                       {"bytes", outcome.bytes},
                       {"complete", outcome.complete}};
    return say.result_json(json);
  }
  say.result(fmt::format(
      "{}: {} {}; {} {}, {} {}, {} {} ({}), {} {}",
      place.empty() ? say("对象库", "object store") : std::string_view(place), outcome.objects,
      say("个对象", "objects"), say("新标记", "marked"), outcome.marked,
      say("待期满", "waiting"), outcome.waiting,
      dry_run ? say("将删除", "would remove") : say("已删除", "removed"), outcome.removed,
      mebibytes(outcome.bytes), say("又被需要", "needed again"), outcome.needed));
}

}  // namespace

int run_gc(const GarbageOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const std::atomic<bool>& stop = stop_on_signals();
  require_sound(options, say);
  std::optional<BesideLock> alone;
  const std::chrono::days grace = grace_for(options, settings, say, alone);
  std::optional<Records> records;
  if (options.dry_run) {
    records = Records::open_reader(folder.path());
  } else {
    records = writer_when_free(folder, writing_by(settings, "gc", "objects that nothing needs"),
                               kWriterPatience);
    if (!records) {
      throw ArchiveError(ErrorKind::archive_locked, folder.path().string(),
                         "another process is writing", "run gc again when it has ended");
    }
  }
  bool all = true;
  std::vector<Replica> replicas =
      reachable_replicas(settings, records->archive_id(), say, all);
  GarbageCollector collector(*records, grace, &stop);
  const auto visit = [&](ObjectStore& store, const std::string& place) {
    if (stop) return;
    if (!options.dry_run) store.remove_unfinished();
    tell(options.dry_run ? collector.look(store, place) : collector.collect(store, place), place,
         options.dry_run, say);
  };
  ObjectStore objects(folder.objects(), settings.store.fsync);
  visit(objects, "");
  for (Replica& replica : replicas) visit(replica.store(), replica.folder().string());
  return stop ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
