#include "ocr/page_reader.h"

#include <exception>
#include <opencv2/core.hpp>
#include <utility>

#include "ocr/page/cleaning.h"
#include "ocr/page/plane.h"
#include "ocr/text/pp_ocr.h"

namespace archive {

struct ReadingModels::Impl {
  std::unique_ptr<PpOcrModels> pp_ocr;
  std::vector<EngineId> engines;
};

ReadingModels::ReadingModels(const OcrSettings&, const std::filesystem::path& model_folder)
    : impl_(std::make_unique<Impl>()) {
  cv::setNumThreads(1);
  impl_->pp_ocr = std::make_unique<PpOcrModels>(model_folder);
  impl_->engines.push_back(impl_->pp_ocr->id);
}
ReadingModels::~ReadingModels() = default;
const std::vector<EngineId>& ReadingModels::engines() const { return impl_->engines; }

struct PageReader::Impl {
  std::unique_ptr<ReadingEngine> engine;
  std::vector<EngineId> engines;
  OcrSettings settings;
};

PageReader::PageReader(const ReadingModels& models, const OcrSettings& settings)
    : impl_(std::make_unique<Impl>()) {
  impl_->engine = make_pp_ocr_engine(*models.impl().pp_ocr, settings);
  impl_->engines = models.engines();
  impl_->settings = settings;
}
PageReader::~PageReader() = default;

Result<CleanPage, PageFault> PageReader::clean(PageImage image) {
  try {
    return clean_page(*impl_->engine, std::move(image));
  } catch (const std::exception& failure) {
    return Failure{PageFault{Stage::clean, FaultReason::recognition_failed, failure.what()}};
  }
}

Result<RecognizedPage, PageFault> PageReader::read(CleanPage page) {
  try {
    const Pixels grey = reading_plane(page.delivered.pixels);
    RecognizedPage result;
    for (const TextRegion& region : page.regions) {
      LineReading reading = impl_->engine->read(grey, page.to_delivered(region.quad));
      if (reading.chars.empty()) continue;
      TextLine line;
      line.quad = region.quad;
      for (const TextChar& c : reading.chars) line.text += c.text;
      line.chars = std::move(reading.chars);
      line.confidence = reading.confidence;
      line.engine = impl_->engine->name();
      line.unsure = line.confidence < impl_->settings.unsure_confidence;
      result.lines.push_back(std::move(line));
    }
    result.engines = impl_->engines;
    result.clean = std::move(page);
    return result;
  } catch (const std::exception& failure) {
    return Failure{PageFault{Stage::read, FaultReason::recognition_failed, failure.what()}};
  }
}

std::string PageReader::second_opinion(const CleanPage&, const Quad&) { return {}; }
std::string alto_of(const RecognizedPage&) { return {}; }

}  // namespace archive
