#pragma once

#include <string>

#include "app/console.h"
#include "core/arrangement.h"

namespace archive {

/// "12  move pages  pages 3, 4 after 7  misfiled  (wang, 2026-…)", and why it cannot be followed.
std::string arrangement_text(const Arrangement& decision, const Console& say);

}  // namespace archive
