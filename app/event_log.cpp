#include "app/event_log.h"

#include <fmt/format.h>

#include <iostream>

#include "core/records.h"
#include "core/timestamp.h"

namespace archive {
namespace {

constexpr const char* kLevels[] = {"error", "warn", "info"};

EventLog::Level level_named(std::string_view name) {
  if (name == "error") return EventLog::Level::error;
  return name == "warn" ? EventLog::Level::warn : EventLog::Level::info;
}

/// Key by key; a text that has blanks in quotes.
std::string text_of(const EventLog::Json& about) {
  std::string text;
  for (const auto& [key, value] : about.items()) {
    const bool bare = value.is_string() && !value.get_ref<const std::string&>().empty() &&
                      value.get_ref<const std::string&>().find_first_of(" \"\n\r\t=") ==
                          std::string::npos;
    text += " " + key + "=" +
            (bare ? value.get<std::string>()
                  : value.dump(-1, ' ', false, EventLog::Json::error_handler_t::replace));
  }
  return text;
}

}  // namespace

EventLog::EventLog(const LogOptions& options)
    : on_(!options.format.empty()),
      json_(options.format == "json"),
      least_(on_ ? level_named(options.level) : Level::warn) {}

void EventLog::tell(Level level, std::string_view event, const Json& about) {
  if (level > least_) return;
  const char* name = kLevels[static_cast<int>(level)];
  const std::string now = timestamp_now();
  std::string line;
  if (json_) {
    Json json = {{"time", now}, {"level", name}, {"event", event}};
    json.update(about);
    line = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  } else {
    line = fmt::format("{} {} {}{}", now, name, event, text_of(about));
  }
  line += '\n';
  const std::lock_guard lock(mutex_);
  std::cerr << line << std::flush;
}

void EventLog::tell_batch(const BatchRecord& batch, const BatchCounts& counts, double seconds) {
  tell(Level::info, "batch_ended",
       {{"batch", batch.number},
        {"pages_in", counts.occurrences},
        {"filed", counts.filed},
        {"set_aside", counts.set_aside},
        {"ms", static_cast<std::int64_t>(seconds * 1000)}});
}

}  // namespace archive
