#pragma once

#include <optional>
#include <string_view>

#include "core/calendar.h"

namespace archive {

/// The day from which a paper's retention 保管期限 counts: 1 January of the year after the paper
/// was formed (社会保险业务档案管理规定).
std::optional<Date> retention_start(Date formed);

/// The first day on which a paper that is kept for so many years may be appraised 鉴定. Nothing is
/// ever destroyed on that day by itself (R9). Nothing beyond the years that Date knows.
std::optional<Date> appraisal_day(Date formed, int years);

/// Whether a paper that is kept by the retention code `code` is kept at least as long as by `least`
/// (retention.csv): a period may be made longer, never shorter. HOLD, not decided, is at least
/// nothing; ACC and INHERIT only the code itself and Y keep.
bool keeps_at_least(std::string_view code, std::string_view least);

}  // namespace archive
