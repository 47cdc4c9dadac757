#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "config/check_tables.h"
#include "store/records/records.h"

namespace archive {

struct CheckingOutcome {
  std::int64_t dossiers = 0;  ///< that were checked in this run
  std::int64_t findings = 0;  ///< on them
  bool interrupted = false;
};

/// Checks every dossier of a batch, or of the archive for 0, whose facts, tables or rules changed
/// since it was last checked, and keeps what was found. No picture and no text is read. The same
/// archive and tables give the same findings for any number of threads; a run that was stopped goes
/// on where it was. Memory does not grow with the archive. `progress` is told the number of
/// dossiers done so far, now and then.
CheckingOutcome bring_checks_up_to_date(Records& records, const CheckTables& tables,
                                        BatchNumber batch, int threads,
                                        const std::function<void(std::int64_t)>& progress,
                                        const std::atomic<bool>& stop);

}  // namespace archive
