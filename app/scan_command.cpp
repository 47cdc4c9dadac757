#include <fmt/format.h>

#include "app/arrival_check.h"
#include "app/commands.h"
#include "ingest/scan.h"
#include "store/archive_folder.h"

namespace archive {

int run_scan(const ScanOptions& options, const Console& say) {
  // The pages lie in the archive's inbox until they are filed, and stay there: paper
  // that has gone through a feeder may be hard to bring back.
  const std::filesystem::path folder =
      ArchiveFolder::open(options.archive).inbox() / options.batch_name;
  if (options.batch_name.empty() || options.batch_name.find('/') != std::string::npos ||
      options.batch_name.starts_with('.')) {
    throw ArchiveError(ErrorKind::usage, "--batch", "is no name for a folder",
                       "use letters, digits and hyphens");
  }
  ArrivalCheck check(read_settings(ArchiveFolder::open(options.archive).settings_file()), say);
  const auto arrived = [&check](const std::filesystem::path& file, const std::string& name) {
    check.tell({{file, name, std::filesystem::file_size(file)}});
  };
  const int pages = scan_to_folder({options.device, options.dpi, options.mode, options.pages_max},
                                   folder, arrived);
  say.note(fmt::format("{}: {}", say("扫描页数", "pages scanned"), pages));

  IngestCommandOptions ingest;
  ingest.archive = options.archive;
  ingest.inputs = {folder};
  ingest.batch_name = options.batch_name;
  ingest.job_sheet.scanner = options.device;
  ingest.job_sheet.dpi = options.dpi;
  ingest.no_wait = true;
  ingest.quality_told = true;
  return run_ingest(ingest, say);
}

}  // namespace archive
