#include "viewer/http/event_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace archive {

// REQUIRES: mutex_ is held.
bool EventStream::add(std::string_view text) {
  if (closed_) return false;
  if (text_.size() + text.size() > kBytesMost) closed_ = true;
  if (!closed_) text_ += text;
  if (waiting_ && wake_) {
    waiting_ = false;
    wake_();
  }
  return !closed_;
}

bool EventStream::push(std::string_view type, std::string_view data) {
  const std::lock_guard lock(mutex_);
  std::string event = "event: ";
  event += type;
  event += "\ndata: ";
  event += data;
  event += "\n\n";
  return add(event);
}

bool EventStream::beat() {
  const std::lock_guard lock(mutex_);
  return add(":\n\n");
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (waiting_ && wake_) {
    waiting_ = false;
    wake_();
  }
}

bool EventStream::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::ptrdiff_t EventStream::take(char* to, std::size_t most,
                                 const std::function<void()>& waits) {
  const std::lock_guard lock(mutex_);
  if (text_.empty()) {
    if (closed_) return -1;
    waiting_ = true;
    waits();
    return 0;
  }
  const std::size_t taken = std::min(most, text_.size());
  std::memcpy(to, text_.data(), taken);
  text_.erase(0, taken);
  return static_cast<std::ptrdiff_t>(taken);
}

void EventStream::on_news(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
  waiting_ = false;
}

}  // namespace archive
