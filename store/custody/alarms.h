#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "core/custody.h"
#include "store/records/records.h"

namespace archive {

/// What somebody has to see to (R3, R32, R46, R47), by the records and the settings alone:
///
///     defects_open        tasks that no repair record closed
///     scrub_overdue       parts of the store that were not scrubbed within scrub_days
///     backup_overdue      no backup within backup_days
///     verify_overdue      no backup was verified within backup_verify_days
///     backup_damaged      the last verification of a backup that is kept found damage
///     read_back_overdue   a medium was to be read back by a day that is past
///     medium_damaged      the last read-back of a medium found damage
///     no_second_site      no sound copy, taken and read back within second_site_days, is elsewhere
///     replica_behind      a replica of the settings got nothing within backup_days
///
/// `now` as timestamp_now() has it.
std::vector<CustodyAlarm> custody_alarms(const Records& records, const CustodySettings& settings,
                                         const std::string& now);

}  // namespace archive
