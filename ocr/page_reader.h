#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/page.h"
#include "core/result.h"

namespace archive {

/// The models of the recognition engines, loaded once and shared by all threads.
/// Throws ArchiveError{model_missing} with the place where they were expected.
class ReadingModels {
 public:
  explicit ReadingModels(const OcrSettings& settings, const std::filesystem::path& model_folder);
  ~ReadingModels();
  const std::vector<EngineId>& engines() const;

  struct Impl;
  Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Turns page images into text. One object for each thread.
class PageReader {
 public:
  PageReader(const ReadingModels& models, const OcrSettings& settings);
  ~PageReader();

  /// Orientation, skew, blankness, borders; finds the text regions on the way. `rotation`, as
  /// CleanPage has it, is what a person decided.
  Result<CleanPage, PageFault> clean(PageImage image, std::optional<int> rotation = std::nullopt);

  /// Reads the regions. A sound text layer of a born-digital page is used instead.
  Result<RecognizedPage, PageFault> read(CleanPage page);

  /// Reads one region of a page again with the second engine (Tesseract); what it
  /// answers is an opinion, the caller decides. Empty when it read nothing.
  std::string second_opinion(const CleanPage& page, const Quad& quad);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// ALTO 4 of a page: delivered pixels, lines, words, glyphs with confidence.
std::string alto_of(const RecognizedPage& page);

}  // namespace archive
