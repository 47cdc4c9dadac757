#include "ocr/text/pp_ocr.h"

#include <array>
#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "core/error.h"
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

using Shape = std::array<std::int64_t, 4>;

// A sound model in the place of another would be believed, or read beyond its answer.
void require_answer(const Network& network, const std::filesystem::path& file, const Shape& asked,
                    const std::vector<std::int64_t>& expected) {
  std::vector<float> nothing(static_cast<std::size_t>(asked[1] * asked[2] * asked[3]));
  std::string problem = "it answers in another shape";
  try {
    const std::vector<NetworkAnswer> answers = network.run(nothing, asked);
    if (answers.front().shape() == expected) return;
  } catch (const std::exception& failure) {
    problem = failure.what();
  }
  throw ArchiveError(ErrorKind::model_missing, file.string(), "a model of another kind: " + problem,
                     "run ./install.sh, or set ocr.engine = \"tesseract\"");
}

}  // namespace

PpOcrModels::PpOcrModels(const std::filesystem::path& folder)
    : detector(folder / kDetector),
      recognizer(folder / kRecognizer),
      direction(folder / kDirection),
      alphabet(folder / kAlphabet),
      id(identify(folder)) {
  constexpr std::int64_t kSteps = 8;  // the recognizer answers once for each of these pixels
  const auto classes = static_cast<std::int64_t>(alphabet.classes());
  require_answer(detector, folder / kDetector, {1, 3, 32, 64}, {1, 1, 32, 64});
  require_answer(recognizer, folder / kRecognizer, {1, 3, 48, 64}, {1, 64 / kSteps, classes});
  require_answer(direction, folder / kDirection, {1, 3, 48, 192}, {1, 2});
}

std::unique_ptr<ReadingEngine> make_pp_ocr_engine(const PpOcrModels& models,
                                                  const OcrSettings& settings) {
  return std::make_unique<PpOcrEngine>(models, settings);
}

}  // namespace archive
