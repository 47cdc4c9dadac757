#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "app/backup_drill.h"
#include "app/backup_record.h"
#include "app/commands.h"
#include "app/custody_support.h"
#include "app/interrupt.h"
#include "store/custody/workplace.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Json report_json(const DrillReport& report) {
  Json rows = Json::array();
  for (const DrillRow& row : report.rows) {
    rows.push_back({{"what", row.what},
                    {"compared", row.compared},
                    {"differences", row.differences},
                    {"how", row.note}});
  }
  return {{"taken_at", report.manifest.taken_at},
          {"objects", report.manifest.objects},
          {"differences", report.differences()},
          {"restore_seconds", report.restore_seconds},
          {"seconds", report.seconds},
          {"rows", std::move(rows)}};
}

}  // namespace

int run_backup_drill(const BackupOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const BackupRepository repository(options.place, key_for(options.key, settings));
  if (repository.mark().archive != Records::open_reader(folder.path()).archive_id()) {
    throw ArchiveError(ErrorKind::archive_foreign, options.place.string(),
                       "these are the backups of another archive", "check the path");
  }
  // As well kept as the archive itself, unless somebody says where.
  const std::string purpose = "drill-";
  std::optional<Workplace> own;
  if (options.to.empty()) own.emplace(folder, purpose);
  const std::filesystem::path place =
      own ? own->path() / "archive" : options.to / (purpose + std::to_string(::getpid()));
  const std::atomic<bool>& stop = stop_on_signals();
  const DrillReport report =
      drill(folder, settings, repository, options.id, place, threads_or_cores(options.threads),
            &stop, [&say](std::int64_t objects, std::int64_t bytes) {
              say.progress(fmt::format("{} {}  {}", say("已恢复对象", "objects restored"), objects,
                                       mebibytes(bytes)));
            });
  say.end_progress();
  if (say.json()) {
    say.result_json(report_json(report));
  } else {
    for (const DrillRow& row : report.rows) {
      say.result(fmt::format("{}: {} {}, {} {}  ({})", row.what, say("比对", "compared"),
                             row.compared, say("差异", "differences"), row.differences.size(),
                             row.note));
      for (const std::string& difference : row.differences) say.result("    " + difference);
    }
    say.result(fmt::format("{}: {} ({} {:.1f} s, {} {:.1f} s)", say("差异", "differences"),
                           report.differences(), say("恢复", "restore"), report.restore_seconds,
                           say("全部", "in all"), report.seconds));
  }
  if (stop) return static_cast<int>(ErrorKind::interrupted);
  return report.differences() == 0 ? 0 : static_cast<int>(ErrorKind::damage);
}

}  // namespace archive
