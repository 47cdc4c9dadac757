#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "viewer/http/event_stream.h"

namespace archive {

/// Browsers that want to hear what happens, instead of asking every few seconds. One thread looks
/// at the records while somebody listens, and tells all of them; a stream ends with its session.
class EventHub {
 public:
  struct Limits {
    std::size_t listeners_max = 512;
    std::size_t per_session_max = 4;  ///< the oldest one ends
    std::chrono::milliseconds between_looks{1'000};
    std::chrono::seconds between_beats{15};
  };
  /// An event to tell.
  struct News {
    std::string type, data;
  };
  /// `look` is called from the hub's thread: what changed since its last call; all there is when it
  /// is told that somebody new listens. `lives` says whether a session is still there.
  EventHub(Limits limits, std::function<std::vector<News>(bool all)> look,
           std::function<bool(const std::string& session)> lives);
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// Nothing when too many listen already.
  std::shared_ptr<EventStream> listen(const std::string& session);
  std::size_t listeners() const;

 private:
  struct Listener {
    std::string session;
    std::shared_ptr<EventStream> stream;
    bool fresh = true;
  };
  void run(const std::stop_token& stop);
  void tell(const std::vector<News>& news, bool fresh_ones);

  Limits limits_;
  std::function<std::vector<News>(bool)> look_;
  std::function<bool(const std::string&)> lives_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<Listener> listeners_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace archive
