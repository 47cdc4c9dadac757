#pragma once

#include <string>
#include <string_view>

#include "config/settings.h"
#include "store/records/records.h"

namespace archive {

/// The account of the system in which this process runs.
std::string account_of_process();

/// How a command of this program writes: in the name of the user who gave it (app/acting.h), with
/// the ledger's places that the settings say. `reason` is what that user gave for it, if anything.
Records::Writing writing_by(const Settings& settings, std::string_view command,
                            std::string_view reason = {});

}  // namespace archive
