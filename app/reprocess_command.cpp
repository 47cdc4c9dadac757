#include <fmt/format.h>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/progress_display.h"

namespace archive {

int run_reprocess(const ReprocessOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive);
  Workshop workshop = archive.workshop();
  StageClock clock;
  IngestOutcome outcome;
  {
    ProgressDisplay progress(say);
    outcome = reprocess(workshop, {options.pages, options.force}, {options.threads, false, {}},
                        progress, clock, stop);
  }
  say.result(say.json() ? fmt::format("{{\"pages_worked\":{},\"interrupted\":{}}}",
                                      outcome.pages_worked, outcome.interrupted)
                        : fmt::format("{}: {}", say("重新处理的页", "pages worked on again"),
                                      outcome.pages_worked));
  return outcome.interrupted ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
