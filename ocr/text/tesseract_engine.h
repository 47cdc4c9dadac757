#pragma once

#include <memory>

#include "core/page.h"
#include "ocr/text/engine.h"

namespace archive {

/// Tesseract with simplified Chinese and English: the second opinion on single lines, and
/// the engine of a machine without the PP-OCR models. It cannot tell which way up a page
/// lies. Throws ArchiveError{model_missing} when its language data are not installed.
std::unique_ptr<ReadingEngine> make_tesseract_engine();

/// Name, version and the hashes of the language data.
EngineId tesseract_id();

}  // namespace archive
