#pragma once

#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>

#include "app/console.h"

namespace archive {

struct BatchCounts;
struct BatchRecord;

/// One line an event on standard error, for journald or whatever else keeps and rotates it: time
/// (ISO 8601 with zone), level, event, and what the event is about. Numbers and names of the
/// program alone: no name of a person, file or batch, no query, no path of a request. From any
/// thread.
class EventLog {
 public:
  using Json = nlohmann::ordered_json;
  enum class Level { error, warn, info };

  explicit EventLog(const LogOptions& options);

  /// Whether more than trouble was asked for.
  bool on() const { return on_; }
  void tell(Level level, std::string_view event, const Json& about = Json::object());
  /// The end of a batch in counts, by its number.
  void tell_batch(const BatchRecord& batch, const BatchCounts& counts, double seconds);

 private:
  bool on_ = false;
  bool json_ = false;
  Level least_ = Level::warn;
  std::mutex mutex_;
};

}  // namespace archive
