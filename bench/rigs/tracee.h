#pragma once

#include <sys/types.h>
#include <sys/user.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/rigs/watched_calls.h"

namespace rigs {

/// A thread of the program under test that stands still before a watched call.
class StoppedCall {
 public:
  /// Throws std::system_error when the thread is gone.
  explicit StoppedCall(pid_t thread);

  const WatchedCall& call() const { return *call_; }
  /// What it will do: an open that makes or empties a file is a create.
  Kind kind() const;
  /// The file it is about; empty when that is no file.
  std::filesystem::path file() const;
  /// The earlier name of a rename.
  std::filesystem::path earlier_name() const;
  /// How many bytes are to be moved; 1 where no one number says it.
  std::size_t bytes() const;

  /// The call is not made; it answers `result` (an errno is negative).
  void answer(long result);
  /// Fewer bytes are moved than were asked for.
  void shorten(std::size_t bytes);

 private:
  unsigned long long argument(int number) const;
  std::filesystem::path path_at(int path, int folder) const;
  std::string text_at(unsigned long long address) const;
  void write_back();

  pid_t thread_;
  user_regs_struct registers_{};
  const WatchedCall* call_ = nullptr;
};

/// Starts a command that stops at watched calls, its children with it. Returns its process number;
/// the caller is the tracer of it and of all it starts, and they end with him.
pid_t start_traced(const std::vector<std::string>& command);

}  // namespace rigs
