#include "store/custody/acknowledged.h"

#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {

void AlarmBook::acknowledge(const CustodyAlarm& alarm, const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::manage, Right::operate, Right::administer});
  if (alarm.kind.empty()) throw std::invalid_argument("say which alarm");
  if (reason.empty()) throw std::invalid_argument("say what is done about it");
  if (find(alarm)) throw std::invalid_argument("somebody acknowledged it before");
  const std::int64_t number = impl.database.number(
      "INSERT INTO acknowledged_alarms (kind, about, since, reason, acknowledged_by, "
      "acknowledged_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING acknowledged_alarm",
      {alarm.kind, alarm.about, alarm.since, reason, records_.writes_as(), timestamp_now()});
  impl.note("alarm_acknowledged", "acknowledged_alarm", number,
            json_object({{"alarm", alarm.kind}, {"since", alarm.since}}));
  transaction.commit();
}

std::optional<Acknowledged> AlarmBook::find(const CustodyAlarm& alarm) const {
  Rows rows = records_.inside().database.query(
      "SELECT reason, acknowledged_by, acknowledged_at FROM acknowledged_alarms "
      "WHERE kind = $1 AND about = $2 AND since = $3",
      {alarm.kind, alarm.about, alarm.since});
  if (!rows.next()) return std::nullopt;
  return Acknowledged{alarm, rows.text(), rows.text(), rows.text()};
}

}  // namespace archive
