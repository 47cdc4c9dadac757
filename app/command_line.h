#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/commands.h"

namespace archive {

/// What a command line asks for.
struct Invocation {
  bool json = false;
  std::string language = "auto";
  std::string by;  ///< a user; empty: whoever has the account of the system
  std::string co_signer;
  KeySource archive_key;  ///< what opens an encrypted archive; see unlock_as_said()
  std::function<int(const Console&)> command;  ///< empty: `text` was asked for (help, version)
  std::string text;
  int exit_code = 0;
};

/// Parses a command line. A line that cannot be understood gives no command, a text
/// that says why, and exit code ErrorKind::usage.
Invocation parse_command_line(int argc, const char* const* argv);

}  // namespace archive
