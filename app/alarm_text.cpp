#include "app/alarm_text.h"

#include <fmt/format.h>

#include "store/custody/alarm_words.h"

namespace archive {

std::string alarm_text(const CustodyAlarm& alarm, const Console& say) {
  const AlarmWords* words = alarm_words(alarm.kind);
  if (words == nullptr) return alarm.kind + " " + alarm.about;
  return fmt::format(
      "{} {}{}{}{}{}{}", say("警报", "ALARM"), alarm.about, alarm.about.empty() ? "" : " ",
      say(words->zh, words->en),
      alarm.since.empty() ? "" : fmt::format(" ({} {})", say("自", "since"), alarm.since),
      say("；办法：", "; what to do: "), say(words->zh_do, words->en_do));
}

}  // namespace archive
