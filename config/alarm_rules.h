#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"

namespace archive {

/// What sets off an alarm about who looks at what (R13): so many entries of the access log by one
/// person within a time.
struct AlarmRule {
  std::string name;  ///< "bulk_reading": in the access log
  std::string zh, en;
  std::vector<std::string> actions;
  int count = 0;
  int within_s = 0;
  bool distinct = false;  ///< objects are counted, not entries
  /// Minutes of the day between which nothing counts; the same twice: everything counts.
  int open_from = 0, open_to = 0;
};

/// config/duties/alarms.csv. Immutable after loading; any thread.
class AlarmRules {
 public:
  /// Throws ArchiveError{settings} with file and line when the table is wrong.
  static AlarmRules load(const TablePath& config_folder);

  const std::vector<AlarmRule>& all() const { return rules_; }
  const AlarmRule* find(std::string_view name) const;

 private:
  std::vector<AlarmRule> rules_;
};

}  // namespace archive
