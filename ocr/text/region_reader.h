#pragma once

#include <vector>

#include "config/settings.h"
#include "core/page.h"
#include "ocr/text/engine.h"

namespace archive {

/// Reads one region of a page: a line, a column of upright characters, or several pieces
/// with wide gaps between them, each a line of its own. A poor reading is tried again
/// with the ink of stamps taken away; the surer one is believed. What is no text, or
/// shines through from the back, gives nothing.
std::vector<TextLine> read_region(ReadingEngine& engine, const CleanPage& page,
                                  const TextRegion& region, const OcrSettings& settings);

}  // namespace archive
