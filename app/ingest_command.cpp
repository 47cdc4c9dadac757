#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/batch_text.h"
#include "app/commands.h"
#include "app/event_log.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/progress_display.h"
#include "app/run_batch.h"
#include "app/scanned_batch.h"
#include "config/job_sheet.h"
#include "viewer/page_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr Stage kStages[] = {Stage::receive,  Stage::decode,  Stage::clean, Stage::read,
                             Stage::classify, Stage::extract, Stage::store, Stage::index};

void write_timings(const std::filesystem::path& file, const IngestOutcome& outcome,
                   const StageClock& clock) {
  Json json = {{"pages", outcome.pages_worked},
               {"wall_seconds", outcome.wall_seconds},
               {"cpu_seconds", outcome.cpu_seconds + outcome.decoder_cpu_seconds},
               {"decoder_cpu_seconds", outcome.decoder_cpu_seconds},
               {"stages", Json::object()}};
  for (const Stage stage : kStages) {
    StageClock::Times times = clock.of(stage);
    if (stage == Stage::decode) times.cpu_seconds += outcome.decoder_cpu_seconds;
    json["stages"][std::string(name_of(stage))] = {{"cpu_seconds", times.cpu_seconds},
                                                   {"wall_seconds", times.wall_seconds},
                                                   {"pages", times.pages}};
  }
  std::ofstream out(file);
  out << json.dump(1) << '\n';
  if (!out.flush()) {
    throw ArchiveError(ErrorKind::disk, file.string(), "the timings cannot be written",
                       "give a writable file to --timings");
  }
}

}  // namespace

int report_outcome(const IngestOutcome& outcome, const Console& say) {
  if (say.json()) {
    Json json = batch_json(outcome.batch, outcome.counts);
    json["interrupted"] = outcome.interrupted;
    json["pages_worked"] = outcome.pages_worked;
    json["wall_seconds"] = outcome.wall_seconds;
    say.result_json(json);
  } else {
    print_batch(outcome.batch, outcome.counts, say);
  }
  if (!outcome.interrupted) return exit_code_of(outcome.batch, outcome.counts);
  say.note(say("已按要求停止，在途的页都已归档。再次执行同一命令即可继续。",
               "stopped as asked; the pages in flight were filed. The same command goes on."));
  return static_cast<int>(ErrorKind::interrupted);
}

void tell_left_out(const Delivery& delivery, const Console& say) {
  constexpr std::size_t kNamed = 5;
  const auto count = delivery.left_out.size();
  if (count == 0) return;
  say.note(fmt::format(
      "{}: {}", say("名称以点开头、未收入的", "left out, their names begin with a dot"), count));
  for (std::size_t i = 0; i < std::min(count, kNamed); ++i) say.note("  " + delivery.left_out[i]);
  if (count > kNamed) say.note("  …");
}

int run_ingest(const IngestCommandOptions& options, const Console& say) {
  Delivery delivery = look_at(options.inputs, options.batch_name);
  tell_left_out(delivery, say);
  const JobSheet& told = options.job_sheet;
  if (told.sheets != 0) delivery.job_sheet.sheets = told.sheets;
  if (told.sides != 0) delivery.job_sheet.sides = told.sides;
  if (!told.operator_name.empty()) delivery.job_sheet.operator_name = told.operator_name;
  if (!told.scanner.empty()) delivery.job_sheet.scanner = told.scanner;
  if (told.dpi != 0) delivery.job_sheet.dpi = told.dpi;
  if (!told.category.empty()) {
    delivery.job_sheet.category = told.category == kOwnCategory ? "" : told.category;
  }

  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive, "ingest");
  if (options.batch_name.empty() && options.inputs.size() == 1) {
    keep_with_its_scans(delivery, options.inputs.front(), ArchiveFolder::open(options.archive),
                        archive.records());
  }
  Workshop workshop = archive.workshop();
  EventLog log(options.log);
  StageClock clock;
  IngestOutcome outcome;
  {
    ProgressDisplay progress(say, options.quality_told);
    outcome =
        ingest(workshop, delivery,
               {options.threads, !options.no_wait, options.acknowledge_file, options.begin_anew},
               progress, clock, stop);
  }
  log.tell_batch(outcome.batch, outcome.counts, outcome.wall_seconds);
  if (!options.timings_file.empty()) write_timings(options.timings_file, outcome, clock);
  return report_outcome(outcome, say);
}

}  // namespace archive
