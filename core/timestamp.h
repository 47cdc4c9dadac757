#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace archive {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// A moment as ISO 8601 with the zone it was seen in: "2004-06-30T09:15:02.123+08:00".
/// Years 0000 to 9999; `east` is the zone's distance from UTC, less than a day.
std::string iso8601(TimePoint moment, std::chrono::minutes east);

/// The moment of a text in exactly that form; nothing for any other text, a day that
/// is not in the calendar, or a zone of a day or more.
std::optional<TimePoint> parse_iso8601(std::string_view text);

/// Now, in the zone of this machine. The one place where the program reads the clock
/// for something that is kept.
std::string timestamp_now();

}  // namespace archive
