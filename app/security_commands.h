#pragma once

#include <filesystem>
#include <string>

#include "app/console.h"
#include "store/sealing/key_slots.h"

// Subcommands as those of app/commands.h: keys of an encrypted archive, and the look for weak
// spots.

namespace archive {

/// The ways into an encrypted archive.
struct KeyOptions {
  std::filesystem::path archive;
  KeySource fresh;  ///< takes the place of what is there of its kind
  std::string reason;
};
int run_key_list(const KeyOptions& options, const Console& console);
int run_key_change(const KeyOptions& options, const Console& console);
int run_key_recovery(const KeyOptions& options, const Console& console);

struct SelfcheckOptions {
  std::filesystem::path archive;
  bool no_keep = false;  ///< prints it and files no report
};
int run_selfcheck(const SelfcheckOptions& options, const Console& console);

}  // namespace archive
