#pragma once

#include <atomic>

namespace archive {

/// From now on Ctrl-C (SIGINT) and SIGTERM set the returned flag instead of ending the
/// program; a second Ctrl-C ends it at once, which is safe too. Call once.
const std::atomic<bool>& stop_on_signals();

}  // namespace archive
