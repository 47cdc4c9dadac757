#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace archive {

/// The body of an answer that goes on while there is something to tell: server-sent events (WHATWG
/// HTML, section 9.2). Whoever tells pushes; the server takes, and waits without a thread while
/// there is nothing. All members may be called from any thread.
class EventStream {
 public:
  static constexpr std::size_t kBytesMost = 256 * 1024;

  /// An event of this type; `data` is one line. False when the other end went away, or has not
  /// taken what was pushed before for so long that there is no room: the stream is over then.
  bool push(std::string_view type, std::string_view data);
  /// A line that browsers pass over; it shows whether the other end is still there.
  bool beat();
  /// Nothing more comes: what was pushed is sent, and the answer ends.
  void close();
  bool closed() const;

  // -- For the server

  /// Takes up to `most` bytes; `waits` is called, still under the stream's lock, when there is
  /// nothing to take now. -1: the stream has ended and all of it was taken.
  std::ptrdiff_t take(char* to, std::size_t most, const std::function<void()>& waits);
  /// What wakes the connection after `waits` was called.
  void on_news(std::function<void()> wake);

 private:
  bool add(std::string_view text);

  mutable std::mutex mutex_;
  std::string text_;            // guarded by mutex_: pushed and not taken
  bool closed_ = false;         // guarded by mutex_
  bool waiting_ = false;        // guarded by mutex_
  std::function<void()> wake_;  // guarded by mutex_
};

}  // namespace archive
