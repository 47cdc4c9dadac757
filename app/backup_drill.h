#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.h"
#include "store/archive_folder.h"
#include "store/custody/backup.h"

namespace archive {

/// One thing that a drill compared.
struct DrillRow {
  std::string what;  ///< stable: "objects", "records", "ledger", "files", "index"
  std::int64_t compared = 0;
  std::vector<std::string> differences;
  std::string note;  ///< how it was compared, in English words for the report
};

struct DrillReport {
  BackupManifest manifest;
  std::vector<DrillRow> rows;
  double restore_seconds = 0;
  double seconds = 0;  ///< all of it

  std::int64_t differences() const;
};

/// Restores a backup into a new folder and proves that it is the archive as it was: every object
/// against its name and every reference to an object (verify), the ledger's entries, heads and what
/// they make of the tables (the auditor's code), every entry and every row against the living
/// archive, the ledger's files byte by byte, and the index, which is no part of a backup: it is
/// made again, and asked the same as the living one. `folder` is gone afterwards.
DrillReport drill(const ArchiveFolder& archive, const Settings& settings,
                  const BackupRepository& repository, const std::string& id,
                  const std::filesystem::path& folder, int threads, const std::atomic<bool>* stop,
                  const BackupProgress& progress);

}  // namespace archive
