#include "ocr/page_reader.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <opencv2/core.hpp>
#include <utility>

#include "core/error.h"
#include "ocr/page/cleaning.h"
#include "ocr/text/pp_ocr.h"
#include "ocr/text/reading_order.h"
#include "ocr/text/region_reader.h"
#include "ocr/text/seal_lines.h"
#include "ocr/text/seal_reader.h"
#include "ocr/text/tesseract_engine.h"
#include "ocr/text/text_layer.h"
#include "ocr/text/under_seals.h"

namespace archive {
namespace {

constexpr const char* kTesseract = "tesseract";

// A page with so many doubtful characters is for a person as a whole: on it there are others
// that were not seen at all. Sound pages, handwritten ones among them, have less than a sixth.
constexpr double kDoubtful = 0.9;
constexpr double kIllegibleShare = 0.2;
constexpr std::size_t kFewCharacters = 20;

bool illegible(const std::vector<TextLine>& lines) {
  std::size_t all = 0;
  std::size_t doubtful = 0;
  for (const TextLine& line : lines) {
    if (line.kind == LineKind::seal) continue;
    all += line.chars.size();
    doubtful += static_cast<std::size_t>(std::ranges::count_if(
        line.chars, [](const TextChar& c) { return c.confidence < kDoubtful; }));
  }
  return all >= kFewCharacters &&
         static_cast<double>(doubtful) > kIllegibleShare * static_cast<double>(all);
}

}  // namespace

struct ReadingModels::Impl {
  std::unique_ptr<PpOcrModels> pp_ocr;
  std::vector<EngineId> engines;
};

ReadingModels::ReadingModels(const OcrSettings& settings, const std::filesystem::path& model_folder)
    : impl_(std::make_unique<Impl>()) {
  cv::setNumThreads(1);
  if (settings.engine != kTesseract) {
    impl_->pp_ocr = std::make_unique<PpOcrModels>(model_folder);
    impl_->engines.push_back(impl_->pp_ocr->id);
  }
  if (settings.engine == kTesseract || settings.second_opinion) {
    impl_->engines.push_back(tesseract_id());
  }
}
ReadingModels::~ReadingModels() = default;
const std::vector<EngineId>& ReadingModels::engines() const { return impl_->engines; }

struct PageReader::Impl {
  std::unique_ptr<ReadingEngine> engine;
  std::unique_ptr<ReadingEngine> second;  // made when it is first asked: it takes a while
  std::vector<EngineId> engines;
  OcrSettings settings;

  std::string text_in(const CleanPage& page, const TextRegion& region) const {
    std::string text;
    for (const TextLine& line : read_region(*engine, page, region, settings)) {
      text += line.text;
    }
    return text;
  }

  std::vector<TextLine> read_all(const CleanPage& page) const {
    if (page.blank) return {};
    std::vector<TextRegion> regions = page.regions;
    std::vector<TextLine> lines;
    if (!page.delivered.text_layer.empty()) {
      std::vector<TextRegion> silent;
      auto layer = lines_of_text_layer(
          page, [&](const TextRegion& region) { return text_in(page, region); }, silent);
      if (layer) {
        lines = std::move(*layer);
        regions = std::move(silent);
      }
    }
    for (const TextRegion& region : regions) {
      std::vector<TextLine> read = read_region(*engine, page, region, settings);
      std::ranges::move(read, std::back_inserter(lines));
    }
    read_under_seals(*engine, page, settings, lines);
    put_in_reading_order(lines, page.gutter);
    return lines;
  }

  std::vector<SealMark> read_seals(const CleanPage& page, std::vector<TextLine>& lines) const {
    std::vector<SealMark> seals = page.seals;
    for (SealMark& seal : seals) {
      SealReading reading = read_seal(*engine, page, seal);
      mark_seal_lines(seal, reading, lines);
      seal.text = std::move(reading.text);
      seal.confidence = reading.confidence;
    }
    return seals;
  }
};

PageReader::PageReader(const ReadingModels& models, const OcrSettings& settings)
    : impl_(std::make_unique<Impl>()) {
  impl_->engine = settings.engine == kTesseract
                      ? make_tesseract_engine()
                      : make_pp_ocr_engine(*models.impl().pp_ocr, settings);
  impl_->engines = models.engines();
  impl_->settings = settings;
}
PageReader::~PageReader() = default;

Result<CleanPage, PageFault> PageReader::clean(PageImage image, std::optional<int> rotation) {
  try {
    return clean_page(*impl_->engine, std::move(image), rotation);
  } catch (const ArchiveError&) {
    throw;
  } catch (const std::exception& failure) {
    return Failure{PageFault{Stage::clean, FaultReason::recognition_failed, failure.what()}};
  }
}

Result<RecognizedPage, PageFault> PageReader::read(CleanPage page) {
  try {
    RecognizedPage result;
    result.lines = impl_->read_all(page);
    result.seals = impl_->read_seals(page, result.lines);
    result.illegible = illegible(result.lines);
    result.engines = impl_->engines;
    result.clean = std::move(page);
    return result;
  } catch (const ArchiveError&) {
    throw;
  } catch (const std::exception& failure) {
    return Failure{PageFault{Stage::read, FaultReason::recognition_failed, failure.what()}};
  }
}

std::string PageReader::second_opinion(const CleanPage& page, const Quad& quad) {
  if (!impl_->settings.second_opinion || impl_->engine->name() == kTesseract) return {};
  if (!impl_->second) impl_->second = make_tesseract_engine();
  std::string text;
  for (const TextChar& c : impl_->second->read(page.plane, page.to_delivered(quad)).chars) {
    text += c.text;
  }
  return text;
}

}  // namespace archive
