#include <algorithm>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/custody/acknowledged.h"
#include "store/custody/alarm_words.h"
#include "store/custody/alarms.h"
#include "viewer/api/body.h"
#include "viewer/api/service_impl.h"
#include "viewer/keeping_json.h"

// Copies and their health: media, backups, replicas, what was scrubbed, alarms.

namespace archive {
namespace {

Json alarm_json(const CustodyAlarm& alarm, const std::optional<Acknowledged>& seen) {
  const AlarmWords* words = alarm_words(alarm.kind);
  const std::string about = alarm.about.empty() ? "" : alarm.about + " ";
  Json json = {{"alarm", alarm.kind}, {"about", alarm.about}, {"since", alarm.since}};
  if (words != nullptr) {
    json["zh"] = about + std::string(words->zh);
    json["en"] = about + std::string(words->en);
    json["what_to_do_zh"] = words->zh_do;
    json["what_to_do_en"] = words->en_do;
  }
  json["acknowledged"] = nullptr;
  if (seen) {
    json["acknowledged"] = {
        {"by", seen->acknowledged_by}, {"at", seen->acknowledged_at}, {"reason", seen->reason}};
  }
  return json;
}

Json scrub_json(const std::vector<ScrubbedPart>& parts, int scrub_days) {
  const auto late = parse_iso8601(timestamp_now()).value_or(TimePoint{}) -
                    std::chrono::days(scrub_days);
  Json marks = Json::array();
  std::int64_t objects = 0, bytes = 0, defects = 0, overdue = 0;
  std::string oldest;
  for (const ScrubbedPart& part : parts) {
    const auto at = parse_iso8601(part.scrubbed_at);
    const bool is_late = !at || *at < late;
    overdue += is_late ? 1 : 0;
    objects += part.objects;
    bytes += part.bytes;
    defects += part.defects;
    if (at && (oldest.empty() || part.scrubbed_at < oldest)) oldest = part.scrubbed_at;
    marks.push_back(part.defects > 0         ? "defects"
                    : part.scrubbed_at.empty() ? "never"
                    : is_late                  ? "late"
                                               : "sound");
  }
  return {{"parts", std::move(marks)}, {"objects", objects}, {"bytes", bytes},
          {"defects", defects},        {"overdue", overdue}, {"oldest", oldest},
          {"days", scrub_days}};
}

}  // namespace

Json Service::Impl::alarms_json(Records& records) const {
  Json list = Json::array();
  const AlarmBook book(records);
  for (const CustodyAlarm& alarm :
       custody_alarms(records, parts.settings.custody, timestamp_now())) {
    list.push_back(alarm_json(alarm, book.find(alarm)));
  }
  return list;
}

HttpResponse Service::Impl::custody(const Asked&) {
  auto desk = rooms.lend();
  Records& records = desk->records;
  Json media = Json::array(), backups = Json::array(), replicas = Json::array(),
       tasks = Json::array();
  for (const Medium& medium : records.media()) media.push_back(medium_json(medium));
  for (const BackupRecord& backup : records.backups()) backups.push_back(backup_json(backup));
  for (const ReplicaRecord& replica : records.replicas()) {
    replicas.push_back(replica_json(replica));
  }
  for (const CustodyTask& task : records.custody_tasks(true)) {
    tasks.push_back(custody_task_json(task));
  }
  std::ranges::reverse(backups);
  return answer_of(
      Json{{"site", parts.settings.custody.site},
           {"alarms", alarms_json(records)},
           {"scrub", scrub_json(records.scrubbed_parts(), parts.settings.custody.scrub_days)},
           {"tasks", std::move(tasks)},
           {"media", std::move(media)},
           {"backups", std::move(backups)},
           {"replicas", std::move(replicas)}});
}

HttpResponse Service::Impl::put_medium(const Asked& asked) {
  const Json body = body_json(asked.request);
  Medium medium;
  medium.id = text_in(body, "medium");
  medium.site = text_in(body, "site");
  medium.place = text_in(body, "place");
  medium.keeper = text_in(body, "keeper");
  const std::int64_t days = number_in(body, "read_back_days");
  medium.read_back_days = static_cast<int>(std::min<std::int64_t>(days, 36'500));
  if (!text_in(body, "read_back_due").empty()) {
    medium.read_back_due = day_in(body, "read_back_due");
  }
  write(asked, "medium add", "", [&](Records& records) { records.put_medium(medium); });
  return no_content();
}

HttpResponse Service::Impl::custody_alarms_now(const Asked&) {
  auto desk = rooms.lend();
  return answer_of(Json{{"alarms", alarms_json(desk->records)}});
}

HttpResponse Service::Impl::acknowledge_custody_alarm(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string reason = reason_in(body);
  const CustodyAlarm alarm{text_in(body, "alarm"), text_in(body, "about", kReasonMost),
                           text_in(body, "since")};
  write(asked, "alarm acknowledge", reason, [&](Records& records) {
    const auto ringing = custody_alarms(records, parts.settings.custody, timestamp_now());
    const bool rings = std::ranges::any_of(ringing, [&alarm](const CustodyAlarm& one) {
      return one.kind == alarm.kind && one.about == alarm.about && one.since == alarm.since;
    });
    if (!rings) throw std::invalid_argument("this alarm does not ring");
    AlarmBook(records).acknowledge(alarm, reason);
  });
  return no_content();
}

}  // namespace archive
