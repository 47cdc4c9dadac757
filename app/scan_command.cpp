#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "app/arrival_check.h"
#include "app/commands.h"
#include "app/scanned_batch.h"
#include "ingest/scan.h"
#include "store/archive_folder.h"
#include "store/objects/disk.h"
#include "store/records/records.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

void require_folder_name(const std::string& batch) {
  if (!batch.empty() && batch.find('/') == std::string::npos && !batch.starts_with('.')) return;
  throw ArchiveError(ErrorKind::usage, "--batch", "is no name for a folder",
                     "use letters, digits and hyphens");
}

/// Where the pages of a batch lie until they are filed, and stay: paper that has gone through a
/// feeder may be hard to bring back. Not in the inbox: who watches it takes in what lies there
/// as a batch of its own, and each page would be counted twice.
fs::path folder_of_scans(const ArchiveFolder& archive, const std::string& batch) {
  fs::path folder = archive.spool() / "scans" / batch;
  const fs::path earlier = archive.inbox() / batch;
  if (fs::exists(folder) || !fs::is_directory(earlier)) return folder;
  if (!fs::exists(earlier / ".scanning") &&
      !was_scanned(Records::open_reader(archive.path()), earlier)) {
    return folder;
  }
  fs::create_directories(folder.parent_path());
  // An inbox on another disk: the batch goes on where it lies.
  if (real_disk().rename_over(earlier, folder) != 0) return fs::exists(folder) ? folder : earlier;
  for (const fs::path& changed : {archive.inbox(), folder.parent_path(), archive.spool()}) {
    sync_folder(real_disk(), changed);
  }
  return folder;
}

bool holds_pages(const fs::path& folder) {
  std::error_code error;
  const fs::directory_iterator pages(folder, error);
  return std::any_of(begin(pages), end(pages), [](const fs::directory_entry& entry) {
    return !entry.path().filename().string().starts_with('.');
  });
}

struct Scanned {
  bool kept = false;                    ///< pages of a scan that was killed
  std::optional<ArchiveError> trouble;  ///< of the scanner; pages may have come all the same
};

Scanned scan_pages(const ScanOptions& options, const ArchiveFolder& archive, const fs::path& folder,
                   const Console& say) {
  ArrivalCheck check(read_settings(archive.settings_file()), say);
  Scanned scanned;
  const auto arrived = [&check](const fs::path& file, const std::string& name) {
    check.tell({{file, name, fs::file_size(file)}});
  };
  const auto kept = [&scanned, &say](int pages) {
    scanned.kept = true;
    say.note(fmt::format("{}: {}",
                         say("上次扫描中断前的页，已保留", "pages kept of a scan that was stopped"),
                         pages));
  };
  try {
    const int pages = scan_to_folder({options.device, options.dpi, options.mode, options.pages_max},
                                     folder, arrived, kept);
    say.note(fmt::format("{}: {}", say("扫描页数", "pages scanned"), pages));
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::device) throw;
    scanned.trouble = error;
  }
  return scanned;
}

int take_in_scans(const ScanOptions& options, const fs::path& folder, bool quality_told,
                  const Console& say) {
  IngestCommandOptions ingest;
  ingest.archive = options.archive;
  ingest.inputs = {folder};
  ingest.batch_name = options.batch_name;
  ingest.job_sheet.scanner = options.device;
  ingest.job_sheet.dpi = options.dpi;
  ingest.no_wait = true;
  ingest.quality_told = quality_told;
  ingest.begin_anew = false;  // the feeder is empty now
  return run_ingest(ingest, say);
}

}  // namespace

int run_scan(const ScanOptions& options, const Console& say) {
  const ArchiveFolder archive = ArchiveFolder::open(options.archive);
  require_folder_name(options.batch_name);
  const fs::path folder = folder_of_scans(archive, options.batch_name);
  const Scanned scanned = scan_pages(options, archive, folder, say);
  // Also without a new page: what an earlier scan left may not have been taken in yet.
  if (scanned.trouble && !holds_pages(folder)) throw ArchiveError(*scanned.trouble);
  int code = 0;
  try {
    code = take_in_scans(options, folder, !scanned.trouble && !scanned.kept, say);
  } catch (const ArchiveError&) {
    if (scanned.trouble) say.error(*scanned.trouble);
    throw;
  }
  if (scanned.trouble) throw ArchiveError(*scanned.trouble);
  return code;
}

}  // namespace archive
