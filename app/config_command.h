#pragma once

#include <filesystem>
#include <string>

#include "app/console.h"

// Subcommands as those of app/commands.h: settings and tables of an archive.

namespace archive {

struct ConfigOptions {
  std::filesystem::path archive;
  std::filesystem::path file;  ///< a settings file instead of an archive's
  std::string key;             ///< a key or a section; empty: all
  bool tables = false;         ///< the tables that an office may have, instead of settings
};

/// All that is wrong with the settings and every table, at once. 10 when something is.
int run_config_check(const ConfigOptions& options, const Console& console);
/// What holds, where it comes from and what it may be.
int run_config_explain(const ConfigOptions& options, const Console& console);

}  // namespace archive
