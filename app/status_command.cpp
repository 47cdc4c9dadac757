#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/alarm_text.h"
#include "app/batch_text.h"
#include "app/commands.h"
#include "app/named_batch.h"
#include "app/quality_text.h"
#include "app/words.h"
#include "app/writing.h"
#include "core/timestamp.h"
#include "store/archive_folder.h"
#include "store/custody/alarms.h"
#include "store/records/counts_json.h"
#include "viewer/page_json.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::vector<BatchRecord> chosen_batches(const Records& records, const std::string& name) {
  if (name.empty()) return records.batches();
  return {named_batch(records, name)};
}

void print_set_aside(const Records& records, const BatchRecord& batch, const Console& say) {
  for (const PageRecord& page : records.pages(batch.number)) {
    if (!page.fault || page.replaced_by != 0) continue;
    say.result(fmt::format("    {} {}  {} #{}  {} ({}: {})", say("页", "page"), page.number,
                           page.source_name, page.occurrence.page_in_file + 1,
                           words_for(name_of(page.fault->reason), say), name_of(page.fault->stage),
                           page.fault->detail));
  }
}

void print_quality(const Records& records, const BatchRecord& batch, const Console& say) {
  for (const PageRecord& page : records.pages(batch.number)) {
    if (!page.quality || page.quality->verdict == Verdict::accept) continue;
    if (page.replaced_by != 0) continue;
    say.result(fmt::format("    {} {}  {} #{}  {}", say("页", "page"), page.number,
                           page.source_name, page.occurrence.page_in_file + 1,
                           verdict_text(page.quality->verdict, say)));
    for (const std::string& line : quality_lines(*page.quality, quality_words(), say)) {
      say.result("      " + line);
    }
  }
}

Json alarms_json(const std::vector<CustodyAlarm>& alarms) {
  Json list = Json::array();
  for (const CustodyAlarm& alarm : alarms) {
    list.push_back({{"alarm", alarm.kind}, {"about", alarm.about}, {"since", alarm.since}});
  }
  return list;
}

}  // namespace

int run_status(const StatusOptions& options, const Console& say) {
  // An archive of an older program is brought up to date here: everybody begins with status.
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records::upgrade(folder.path(), writing_by(settings, "status"));
  const ReadingRoom room(options.archive);
  const Records& records = room.records();
  Json list = Json::array();
  for (const BatchRecord& batch : chosen_batches(records, options.batch)) {
    const BatchCounts counts = records.counts(batch.number);
    if (say.json()) {
      list.push_back(batch_json(batch, counts));
      continue;
    }
    print_batch(batch, counts, say);
    if (options.set_aside) print_set_aside(records, batch, say);
    if (options.quality) print_quality(records, batch, say);
  }
  const std::vector<CustodyAlarm> alarms =
      custody_alarms(records, settings.custody, timestamp_now());
  const BatchCounts all = records.counts();
  if (say.json()) {
    const Json json = {
        {"batches", std::move(list)}, {"all", counts_json(all)}, {"alarms", alarms_json(alarms)}};
    say.result_json(json);
  } else if (options.batch.empty()) {
    say.result(fmt::format("{}: {}", say("全库", "whole archive"), balance_text(all, say)));
  }
  if (!say.json()) {
    for (const CustodyAlarm& alarm : alarms) say.result(alarm_text(alarm, say));
  }
  return options.alarms && !alarms.empty() ? static_cast<int>(ErrorKind::alarms) : 0;
}

}  // namespace archive
