#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>

#include "config/check_tables.h"
#include "config/settings.h"
#include "store/archive_folder.h"
#include "store/ledger/access_log.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// What a server sees to between requests, whenever nobody else writes to the archive: pages that
/// persons changed go into the index within a second or two, their batch is put together and
/// checked anew once nobody has written for a few seconds, what they wrote is signed within a
/// minute, and so is how far the access log has come. For one thread.
class ServeUpkeep {
 public:
  ServeUpkeep(const ArchiveFolder& folder, const Settings& settings, const CheckTables& tables,
              const ObjectStore& objects, const AccessLog& log);

  /// To be called a few times a second. `stop` ends what it is doing. After an ArchiveError it
  /// looks again in a minute.
  void look(const std::atomic<bool>& stop);
  /// The last time: whatever there is to sign.
  void end();

 private:
  struct Due {
    bool index = false;
    bool assembly = false;  ///< of what persons changed, and its checks
  };
  void write(const Due& due, const std::atomic<bool>& stop);
  /// Whether nobody has written for a while.
  bool quiet(std::chrono::steady_clock::time_point now);

  const ArchiveFolder& folder_;
  const Settings& settings_;
  const CheckTables& tables_;
  const ObjectStore& objects_;
  const AccessLog& log_;
  Records reader_;
  std::int64_t entries_ = 0;  // of the ledger, when it was looked at last
  std::chrono::steady_clock::time_point next_look_, next_signature_, written_;
};

}  // namespace archive
