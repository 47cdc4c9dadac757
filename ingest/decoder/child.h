#pragma once

#include <sys/types.h>

#include <cstdint>

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
  Child(pid_t pid, Descriptor socket, Descriptor picture, const DecodeSettings& settings);
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
  std::optional<PageFault> wait_for_answer(Answer& answer);
  Result<Reply, PageFault> read_reply(const Request& request, const Answer& answer);
  bool read_picture(void* to, std::uint64_t count, std::uint64_t offset) const;
  void forget_picture(const Answer& answer) const;
  PageFault nonsense();
  PageFault cause_of_death();

  pid_t pid_;
  Descriptor socket_;
  Descriptor picture_;
  DecodeSettings settings_;
  std::uint64_t file_bytes_ = 0;
  bool unfit_ = false;
  bool reaped_ = false;
};

}  // namespace archive
