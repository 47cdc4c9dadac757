#include "app/interrupt.h"

#include <csignal>

namespace archive {
namespace {

std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void request_stop(int signal_number) {
  if (stop_requested.exchange(true)) std::signal(signal_number, SIG_DFL);
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = request_stop;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A reader that closed its end (`juanzong ... | head`) must not end a run.
  std::signal(SIGPIPE, SIG_IGN);
  return stop_requested;
}

}  // namespace archive
