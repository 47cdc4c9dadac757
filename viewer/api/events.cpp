#include "viewer/api/events.h"

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace archive {

EventHub::EventHub(Limits limits, std::function<std::vector<News>(bool)> look,
                   std::function<bool(const std::string&)> lives)
    : limits_(limits), look_(std::move(look)), lives_(std::move(lives)) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

EventHub::~EventHub() {
  thread_.request_stop();
  thread_.join();
  for (const Listener& listener : listeners_) listener.stream->close();
}

std::shared_ptr<EventStream> EventHub::listen(const std::string& session) {
  const std::lock_guard lock(mutex_);
  const auto of_session = [&session](const Listener& one) { return one.session == session; };
  if (static_cast<std::size_t>(std::ranges::count_if(listeners_, of_session)) >=
      limits_.per_session_max) {
    const auto oldest = std::ranges::find_if(listeners_, of_session);
    oldest->stream->close();
    listeners_.erase(oldest);
  }
  if (listeners_.size() >= limits_.listeners_max) return nullptr;
  listeners_.push_back({session, std::make_shared<EventStream>(), true});
  wake_.notify_all();
  return listeners_.back().stream;
}

std::size_t EventHub::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

void EventHub::tell(const std::vector<News>& news, bool fresh_ones) {
  const std::lock_guard lock(mutex_);
  for (Listener& listener : listeners_) {
    if (listener.fresh != fresh_ones) continue;
    listener.fresh = false;
    for (const News& one : news) listener.stream->push(one.type, one.data);
  }
}

void EventHub::run(const std::stop_token& stop) {
  auto beaten = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    bool fresh = false;
    {
      std::unique_lock lock(mutex_);
      const auto somebody = [this] { return !listeners_.empty(); };
      if (!wake_.wait(lock, stop, somebody)) return;
      // A new listener does not wait for the next look.
      wake_.wait_for(lock, stop, limits_.between_looks, [this] {
        return std::ranges::any_of(listeners_, &Listener::fresh);
      });
      if (stop.stop_requested()) return;
      std::erase_if(listeners_, [this](const Listener& one) {
        if (one.stream->closed()) return true;
        if (lives_(one.session)) return false;
        one.stream->close();
        return true;
      });
      if (listeners_.empty()) continue;
      fresh = std::ranges::any_of(listeners_, &Listener::fresh);
      if (std::chrono::steady_clock::now() - beaten >= limits_.between_beats) {
        beaten = std::chrono::steady_clock::now();
        for (const Listener& listener : listeners_) listener.stream->beat();
      }
    }
    try {
      tell(look_(false), false);
      if (fresh) tell(look_(true), true);
    } catch (const ArchiveError&) {
      // The records cannot be read now: whoever asks for them is told so by their own request.
    }
  }
}

}  // namespace archive
