#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "config/settings.h"
#include "core/fault.h"
#include "core/page.h"
#include "core/result.h"
#include "ingest/decoder/descriptor.h"
#include "ingest/decoder/protocol.h"

namespace archive {

/// What a child answered, checked and copied out of its reach.
struct Reply {
  Answer answer;
  Texts texts;
  Pixels pixels;
};

/// The archive's end of one decoder process. Used by one thread at a time. The process is
/// killed and reaped when this goes away.
class Child {
 public:
  /// `pixels` is the end of a pipe to read from, not blocking.
  Child(pid_t pid, Descriptor socket, Descriptor pixels, const DecodeSettings& settings);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Asks and waits at most settings.seconds_max. `file`, if not -1, goes along: the file
  /// of `file_bytes` that all requests of this child are about. A fault that is about the
  /// process itself (crash, time, memory, nonsense) leaves it unfit().
  Result<Reply, PageFault> ask(const Request& request, int file, std::uint64_t file_bytes);

  bool unfit() const { return unfit_; }
  pid_t pid() const { return pid_; }

 private:
  void set_limits(std::uint64_t file_bytes) const;
  std::optional<PageFault> wait_for(int descriptor);
  std::optional<PageFault> receive(Answer& answer);
  std::optional<PageFault> receive_bytes(void* to, std::uint64_t count);
  std::optional<PageFault> receive_pixels(std::vector<std::uint8_t>& to, std::uint64_t count);
  Result<Reply, PageFault> receive_reply(const Answer& answer);
  PageFault nonsense();
  PageFault cause_of_death();

  pid_t pid_;
  Descriptor socket_;
  Descriptor pixels_;
  DecodeSettings settings_;
  std::uint64_t file_bytes_ = 0;
  std::chrono::steady_clock::time_point deadline_;  // of the current request
  bool unfit_ = false;
  bool reaped_ = false;
};

}  // namespace archive
