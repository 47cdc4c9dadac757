#include <algorithm>

#include "core/timestamp.h"
#include "store/custody/acknowledged.h"
#include "store/custody/alarms.h"
#include "viewer/api/service_impl.h"
#include "viewer/page_json.h"

// What happens, told to browsers that listen (server-sent events): how batches come in, and alarms.

namespace archive {
namespace {

constexpr auto kBetweenAlarms = std::chrono::seconds(30);

}  // namespace

Json Service::Impl::batch_line(const Records& records, const BatchRecord& batch) const {
  Json one = batch_json(batch, records.counts(batch.number));
  one.erase("key");
  one["number"] = batch.number;
  return one;
}

// Called by the hub's thread alone.
std::vector<EventHub::News> Service::Impl::look_for_news(bool all) {
  std::vector<EventHub::News> news;
  auto desk = rooms.lend();
  const std::int64_t entries = desk->records.entries();
  const bool changed = entries != told_entries;
  told_entries = entries;
  if (changed || all) {
    Json batches = Json::array();
    for (const BatchRecord& batch : desk->records.batches()) {
      // One that ended is told once more, as it ended.
      std::string& told = told_batches[batch.number];
      if (!all && batch.state != BatchState::open && told == "ended") continue;
      Json line = batch_line(desk->records, batch);
      std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace);
      if (!all && text == told) continue;
      told = batch.state == BatchState::open ? std::move(text) : "ended";
      batches.push_back(std::move(line));
    }
    if (!batches.empty()) {
      news.push_back({"batches", Json{{"batches", std::move(batches)}}.dump(
                                     -1, ' ', false, Json::error_handler_t::replace)});
    }
  }
  const auto now = std::chrono::steady_clock::now();
  if (all || changed || now - told_alarms_at >= kBetweenAlarms) {
    told_alarms_at = now;
    const AlarmBook book(desk->records);
    const auto alarms = custody_alarms(desk->records, parts.settings.custody, timestamp_now());
    const auto fresh = std::ranges::count_if(
        alarms, [&book](const CustodyAlarm& alarm) { return !book.find(alarm); });
    std::string text = Json{{"alarms", alarms.size()}, {"new", fresh}}.dump();
    if (all || text != told_alarms) news.push_back({"alarms", text});
    told_alarms = std::move(text);
  }
  return news;
}

HttpResponse Service::Impl::listen(const Asked& asked) {
  HttpResponse response;
  response.content_type = "text/event-stream; charset=utf-8";
  response.stream = events.listen(asked.session.id);
  if (!response.stream) {
    throw Refusal{503, "busy", "监听者过多，请稍后再试", "too many listen already, try later", 30};
  }
  return response;
}

}  // namespace archive
