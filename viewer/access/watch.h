#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "config/alarm_rules.h"
#include "core/timestamp.h"
#include "store/ledger/access_log.h"

namespace archive {

/// Something out of the ordinary that somebody has to look at (R13).
struct AccessAlarm {
  std::int64_t number = 0;  ///< of the entry of the access log that raised it
  std::string rule;         ///< of config/duties/alarms.csv
  std::string at;
  std::string who;          ///< set it off; an address where nobody was signed in
  std::string what;         ///< "60 within 60 s"
};

/// Watches the access log, whoever writes it, and raises alarms by config/duties/alarms.csv. An
/// alarm is an entry "alarm_raised" of the log, and stays until an entry "alarm_acknowledged" of
/// somebody else than it is about: no table that could say otherwise. All members may be called
/// from any thread.
class AccessWatch {
 public:
  /// Reads the log to its end; throws what AccessLog::read_on() throws.
  AccessWatch(AccessLog& log, const AlarmRules& rules);

  /// Takes in what was written since, and raises what follows from it. To be called every second
  /// or so.
  void look();

  /// Not acknowledged, the newest first.
  std::vector<AccessAlarm> open() const;
  const AlarmRules& rules() const { return rules_; }

 private:
  struct Seen {
    TimePoint at;
    std::string object;
  };
  struct Trace {
    std::deque<Seen> seen;  // at most the rule's count
    TimePoint raised{};     // no new one before its time is over
  };
  using Raised = std::pair<const AlarmRule*, std::string>;  // who

  void take(const AccessEntry& entry, std::vector<Raised>& raised);
  bool counts(const AlarmRule& rule, const AccessEntry& entry, TimePoint at,
              const std::string& who);

  AccessLog& log_;
  const AlarmRules& rules_;
  mutable std::mutex mutex_;
  AccessLog::Cursor cursor_;                                    // these are guarded by mutex_
  std::map<std::pair<std::string, std::string>, Trace> traces_;  // rule, who; bounded
  std::map<std::int64_t, AccessAlarm> open_;
};

}  // namespace archive
