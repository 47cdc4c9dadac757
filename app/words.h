#pragma once

#include <string>
#include <string_view>

#include "app/console.h"

namespace archive {

/// The words for a fault, a review reason or a remark on a file, in the console's
/// language (config/messages.csv); the name itself when nobody wrote words for it.
std::string words_for(std::string_view reason, const Console& console);

}  // namespace archive
