#pragma once

#include <string>

#include "app/command_parser.h"

namespace archive {

/// Every command with its arguments and options as JSON, in the language the parser was made with:
/// what manual pages and completion are made from (packaging/manual.py).
///
///     {"name": "juanzong", "about": "...", "footer": "...", "positionals": [...],
///      "options": [{"names": ["-A", "--archive"], "value": "TEXT", "limits": "", "about": "...",
///                   "environment": "JUANZONG_ARCHIVE", "required": false, "many": false}],
///      "commands": [...]}
///
/// `value` is empty for a flag; `limits` is "{zh,en,auto}" or "INT in [1 - 256]"; a footer that is
/// the one of the whole program is left out below.
std::string command_tree(const CLI::App& app);

}  // namespace archive
