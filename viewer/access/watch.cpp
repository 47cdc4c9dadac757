#include "viewer/access/watch.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

#include "core/error.h"

namespace archive {
namespace {

constexpr std::size_t kTracesMost = 10'000;
constexpr std::size_t kOpenMost = 1'000;  // shown; the log has them all
constexpr const char* kRaised = "alarm_raised";
constexpr const char* kAcknowledged = "alarm_acknowledged";
constexpr std::string_view kObject = "alarm ";

// The minute of the day where it was written, of "2004-06-30T09:15:02.123+08:00".
int minute_of_day(const std::string& at) {
  constexpr std::size_t kHour = 11, kMinute = 14;
  return (at[kHour] - '0') * 600 + (at[kHour + 1] - '0') * 60 + (at[kMinute] - '0') * 10 +
         (at[kMinute + 1] - '0');
}

bool outside_hours(const AlarmRule& rule, const std::string& at) {
  if (rule.open_from == rule.open_to) return true;
  const int minute = minute_of_day(at);
  return minute < rule.open_from || minute >= rule.open_to;
}

std::string words_of(const AlarmRule& rule) {
  return std::to_string(rule.count) + " within " + std::to_string(rule.within_s) + " s";
}

}  // namespace

AccessWatch::AccessWatch(AccessLog& log, const AlarmRules& rules) : log_(log), rules_(rules) {
  // What would have been raised while nobody watched is raised now.
  look();
}

void AccessWatch::look() {
  std::vector<Raised> raised;
  {
    const std::lock_guard lock(mutex_);
    log_.read_on(cursor_, std::numeric_limits<std::int64_t>::max(),
                 [&](const AccessEntry& entry) { take(entry, raised); });
  }
  for (const auto& [rule, who] : raised) {
    AccessEntry entry;
    entry.who = who;
    entry.action = kRaised;
    entry.object = std::string(kObject) + rule->name;
    entry.reason = words_of(*rule);
    log_.append(std::move(entry));
  }
  if (!raised.empty()) look();
}

void AccessWatch::take(const AccessEntry& entry, std::vector<Raised>& raised) {
  const auto at = parse_iso8601(entry.at);
  if (!at) return;
  if (entry.action == kAcknowledged) {
    open_.erase(std::atoll(entry.object.c_str() + std::min(kObject.size(), entry.object.size())));
    return;
  }
  if (entry.action == kRaised) {
    const std::string name = entry.object.substr(std::min(kObject.size(), entry.object.size()));
    open_[entry.number] = {entry.number, name, entry.at, entry.who, entry.reason};
    if (open_.size() > kOpenMost) open_.erase(open_.begin());
    // It was raised already, before this was read.
    std::erase_if(raised, [&](const Raised& one) {
      return one.first->name == name && one.second == entry.who;
    });
    Trace& trace = traces_[{name, entry.who}];
    trace.raised = *at;
    trace.seen.clear();
    return;
  }
  const std::string& who = entry.who.empty() ? entry.address : entry.who;
  for (const AlarmRule& rule : rules_.all()) {
    if (std::ranges::find(rule.actions, entry.action) == rule.actions.end()) continue;
    if (!outside_hours(rule, entry.at)) continue;
    const bool due = counts(rule, entry, *at, who);
    const auto same = [&](const Raised& one) { return one.first == &rule && one.second == who; };
    if (due && std::ranges::none_of(raised, same)) raised.emplace_back(&rule, who);
  }
}

bool AccessWatch::counts(const AlarmRule& rule, const AccessEntry& entry, TimePoint at,
                         const std::string& who) {
  if (traces_.size() >= kTracesMost) {
    std::erase_if(traces_, [at](const auto& one) {
      const Trace& trace = one.second;
      return trace.seen.empty() || at - trace.seen.back().at > std::chrono::hours(1);
    });
  }
  Trace& trace = traces_[{rule.name, who}];
  const auto within = std::chrono::seconds(rule.within_s);
  while (!trace.seen.empty() && at - trace.seen.front().at > within) trace.seen.pop_front();
  if (at - trace.raised <= within) return false;
  const bool known = rule.distinct && std::ranges::any_of(trace.seen, [&](const Seen& seen) {
                       return seen.object == entry.object;
                     });
  if (!known) trace.seen.push_back({at, entry.object});
  return static_cast<int>(trace.seen.size()) >= rule.count;
}

std::vector<AccessAlarm> AccessWatch::open() const {
  const std::lock_guard lock(mutex_);
  std::vector<AccessAlarm> list;
  for (const auto& [number, alarm] : open_) list.push_back(alarm);
  std::ranges::reverse(list);
  return list;
}

}  // namespace archive
