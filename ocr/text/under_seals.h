#pragma once

#include <vector>

#include "config/settings.h"
#include "core/page.h"
#include "ocr/text/engine.h"

namespace archive {

/// Reads again what is printed under the black and blue seals of a page. Around a seal a detector
/// of lines follows the seal's own characters; but rows of print run on under it, as high as they
/// are beside it, and the columns of a table as wide as they are above and below. Such places are
/// read, and what reads better than the lines found there takes their place in `lines`.
void read_under_seals(ReadingEngine& engine, const CleanPage& page, const OcrSettings& settings,
                      std::vector<TextLine>& lines);

}  // namespace archive
