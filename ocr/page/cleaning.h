#pragma once

#include <optional>

#include "core/page.h"
#include "ocr/text/engine.h"

namespace archive {

/// Turns a delivered page upright, finds its text regions on the way, and says whether
/// there is anything on it. A person may have decided how it lies. Throws what the engine
/// throws.
CleanPage clean_page(ReadingEngine& engine, PageImage image,
                     std::optional<int> rotation = std::nullopt);

}  // namespace archive
