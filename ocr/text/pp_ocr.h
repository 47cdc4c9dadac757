#pragma once

#include <filesystem>
#include <memory>

#include "config/settings.h"
#include "core/page.h"
#include "ocr/text/engine.h"
#include "ocr/text/network.h"
#include "ocr/text/recognizer.h"

namespace archive {

/// The PP-OCR models of a folder (det.onnx, rec.onnx, cls.onnx, keys.txt), loaded once
/// and shared by the engines of all threads. Throws ArchiveError{model_missing},
/// also when one of them is a sound model of another kind.
struct PpOcrModels {
  explicit PpOcrModels(const std::filesystem::path& folder);

  Network detector;
  Network recognizer;
  Network direction;
  Alphabet alphabet;
  EngineId id;
};

/// `models` must outlive the engine.
std::unique_ptr<ReadingEngine> make_pp_ocr_engine(const PpOcrModels& models,
                                                  const OcrSettings& settings);

}  // namespace archive
