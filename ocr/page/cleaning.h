#pragma once

#include "core/page.h"
#include "ocr/text/engine.h"

namespace archive {

/// Turns a delivered page upright, finds its text regions on the way, and says whether
/// there is anything on it. Throws what the engine throws.
CleanPage clean_page(ReadingEngine& engine, PageImage image);

}  // namespace archive
