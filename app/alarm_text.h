#pragma once

#include <string>

#include "app/console.h"
#include "core/custody.h"

namespace archive {

/// What is wrong with custody and what to do about it, in the console's language.
std::string alarm_text(const CustodyAlarm& alarm, const Console& say);

}  // namespace archive
