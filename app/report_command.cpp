#include "app/report_command.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "core/timestamp.h"
#include "store/archive_folder.h"
#include "store/custody/alarms.h"
#include "store/ledger/access_log.h"
#include "store/lifecycle/office_metrics.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

struct Access {
  std::int64_t refusals = 0;
  std::int64_t alarms = 0;  ///< that nobody acknowledged
};

/// Of the access log as it is; a refusal is one of a right or of a sign-in.
Access access_since(const ArchiveFolder& folder, TimePoint since) {
  Access access;
  std::set<std::string> open;
  const AccessLog log(folder.path());
  AccessLog::Cursor cursor;
  log.read_on(cursor, log.end().entries, [&](const AccessEntry& entry) {
    const bool refused = entry.action == "refused" || entry.action == "sign_in_refused";
    const auto at = parse_iso8601(entry.at);
    if (refused && at && *at >= since) ++access.refusals;
    if (entry.action == "alarm_raised") open.insert("alarm " + std::to_string(entry.number));
    if (entry.action == "alarm_acknowledged") open.erase(entry.object);
  });
  access.alarms = static_cast<std::int64_t>(open.size());
  return access;
}

Json share_json(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? Json(nullptr)
                    : Json(static_cast<double>(part) / static_cast<double>(whole));
}

std::string percent(std::int64_t part, std::int64_t whole, const Console& say) {
  if (whole == 0) return std::string(say("无", "none"));
  return fmt::format("{:.2f} % ({}/{})",
                     100.0 * static_cast<double>(part) / static_cast<double>(whole), part, whole);
}

}  // namespace

int run_report_metrics(const MetricsOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records records = Records::open_reader(folder.path());
  const std::string now = timestamp_now();
  const TimePoint since = *parse_iso8601(now) - std::chrono::days(options.days);
  const OfficeMetrics metrics = office_metrics(records, iso8601(since, std::chrono::minutes(0)));
  const Access access = access_since(folder, since);
  const auto incidents =
      static_cast<std::int64_t>(custody_alarms(records, settings.custody, now).size()) +
      access.alarms;
  const std::int64_t denied = metrics.refusals + access.refusals;
  if (say.json()) {
    say.result(Json{{"made_at", now},
                    {"timeliness",
                     {{"items_approved", metrics.approved},
                      {"items_waiting", metrics.waiting},
                      {"days_median", metrics.days_median},
                      {"days_p90", metrics.days_p90}}},
                    {"completeness",
                     {{"dossiers", metrics.dossiers},
                      {"complete", metrics.complete},
                      {"share", share_json(metrics.complete, metrics.dossiers)}}},
                    {"accuracy",
                     {{"values_settled", metrics.values_seen},
                      {"values_right", metrics.values_right},
                      {"share", share_json(metrics.values_right, metrics.values_seen)},
                      {"pages_sampled", metrics.sampled_pages},
                      {"pages_right", metrics.sampled_right}}},
                    {"security", {{"open_incidents", incidents}}},
                    {"confidentiality", {{"days", options.days}, {"denied", denied}}}}
                   .dump());
    return 0;
  }
  const auto line = [&say](std::string_view zh, std::string_view en, const std::string& what) {
    say.result(fmt::format("{}: {}", say(zh, en), what));
  };
  line("及时性：接收至审批天数（中位/九成）",
       "timeliness: days from receipt to approval (median/p90)",
       fmt::format("{:.1f} / {:.1f} ({} {}, {} {})", metrics.days_median, metrics.days_p90,
                   metrics.approved, say("件已审批", "items approved"), metrics.waiting,
                   say("件待办", "waiting")));
  line("完整性：无缺件缺页的卷宗", "completeness: dossiers that lack no paper and no page",
       percent(metrics.complete, metrics.dossiers, say));
  line("准确性：人工核定值与机读相符", "accuracy: settled values that the machine read so",
       percent(metrics.values_right, metrics.values_seen, say));
  line("准确性：抽检合格页", "accuracy: sampled pages without a fault",
       percent(metrics.sampled_right, metrics.sampled_pages, say));
  line("安全性：未处理的告警", "security: open incidents", std::to_string(incidents));
  line("保密性：被拒的访问", "confidentiality: denied accesses",
       fmt::format("{} ({} {})", denied, options.days, say("天", "days")));
  return 0;
}

}  // namespace archive
