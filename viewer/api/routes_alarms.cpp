#include <algorithm>

#include "viewer/api/service_impl.h"

// Alarms about who looks at what (R13).

namespace archive {

HttpResponse Service::Impl::alarms(const Asked&) {
  Json list = Json::array();
  for (const AccessAlarm& alarm : parts.watch.open()) {
    const AlarmRule* rule = parts.watch.rules().find(alarm.rule);
    list.push_back({{"number", alarm.number},
                    {"alarm", alarm.rule},
                    {"zh", rule == nullptr ? alarm.rule : rule->zh},
                    {"en", rule == nullptr ? alarm.rule : rule->en},
                    {"at", alarm.at},
                    {"who", alarm.who},
                    {"what", alarm.what}});
  }
  return answer_of(Json{{"alarms", std::move(list)}});
}

HttpResponse Service::Impl::acknowledge(const Asked& asked) {
  const std::int64_t number = asked.number();
  const std::string reason = text_in(body_json(asked.request), "reason", 500);
  if (reason.empty()) throw Refusal{400, "reason", "须说明处理情况", "say what was done", 0};
  parts.watch.look();
  const auto alarms = parts.watch.open();
  const auto alarm = std::ranges::find(alarms, number, &AccessAlarm::number);
  if (alarm == alarms.end()) refuse_not_found("没有这个告警", "there is no such alarm");
  if (alarm->who == asked.session.name) {
    throw Refusal{409, "own_alarm", "本人引起的告警须由他人处理",
                  "an alarm about oneself is for somebody else", 0};
  }
  log(asked.session, asked.request, "alarm_acknowledged", "alarm " + std::to_string(number),
      reason, asked.by);
  parts.watch.look();
  return no_content();
}

}  // namespace archive
