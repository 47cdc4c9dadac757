#pragma once

#include <string_view>

namespace archive {

/// How an alarm of custody (store/custody/alarms.h) is told, and what to do about it.
struct AlarmWords {
  std::string_view kind;
  std::string_view zh, en;  ///< what follows CustodyAlarm::about
  std::string_view zh_do, en_do;
};

/// Nothing for a kind that nobody knows.
const AlarmWords* alarm_words(std::string_view kind);

}  // namespace archive
