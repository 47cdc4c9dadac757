#include "ocr/text/pp_ocr.h"

#include <string>

#include "ocr/text/detector.h"
#include "ocr/text/direction.h"
#include "ocr/text/file_hash.h"

namespace archive {
namespace {

constexpr const char* kDetector = "det.onnx";
constexpr const char* kRecognizer = "rec.onnx";
constexpr const char* kDirection = "cls.onnx";
constexpr const char* kAlphabet = "keys.txt";

class PpOcrEngine final : public ReadingEngine {
 public:
  PpOcrEngine(const PpOcrModels& models, const OcrSettings& settings) : models_(models) {
    detecting_.side_px = settings.detector_side;
  }

  const std::string& name() const override { return models_.id.name; }

  std::vector<TextPatch> find(const Pixels& grey) override {
    return detect_text(models_.detector, grey, detecting_);
  }

  double upside_down(const Pixels& grey, const Quad& quad) override {
    return upside_down_by_shape(models_.direction, grey, quad);
  }

  LineReading read(const Pixels& grey, const Quad& quad) override {
    return recognize_line(models_.recognizer, models_.alphabet, grey, quad);
  }

 private:
  const PpOcrModels& models_;
  DetectorSettings detecting_;
};

EngineId identify(const std::filesystem::path& folder) {
  EngineId id{"pp-ocr", "onnxruntime " + network_runtime_version(), {}};
  for (const char* file : {kDetector, kRecognizer, kDirection, kAlphabet}) {
    id.model_hashes.push_back(sha256_of(folder / file));
  }
  return id;
}

}  // namespace

PpOcrModels::PpOcrModels(const std::filesystem::path& folder)
    : detector(folder / kDetector),
      recognizer(folder / kRecognizer),
      direction(folder / kDirection),
      alphabet(folder / kAlphabet),
      id(identify(folder)) {}

std::unique_ptr<ReadingEngine> make_pp_ocr_engine(const PpOcrModels& models,
                                                  const OcrSettings& settings) {
  return std::make_unique<PpOcrEngine>(models, settings);
}

}  // namespace archive
