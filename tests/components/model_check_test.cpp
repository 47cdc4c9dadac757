// The cleaned recognition models compute what the originals do (cmake/clean-model.py), and the
// trained one can take the published one's place.

#include <gtest/gtest.h>
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace archive {
namespace {

constexpr float kMaxDifference = 1e-5F;

struct Input {
  std::string model;
  std::array<std::int64_t, 4> shape;  // N, C, H, W

  std::string original() const {
    if (model == "rec") return TRAINED_MODEL;
    const bool published = model == "rec-published";
    return std::string(MODELS_DIR) + "/original/" + (published ? "rec" : model) + ".onnx";
  }
  std::string cleaned() const { return std::string(MODELS_DIR) + "/" + model + ".onnx"; }
};

void PrintTo(const Input& input, std::ostream* out) {
  *out << input.model << " " << input.shape[2] << "x" << input.shape[3];
}

std::vector<float> random_pixels(const Input& input, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> pixel(-1.0F, 1.0F);  // the range the models are fed
  const auto count =
      std::accumulate(input.shape.begin(), input.shape.end(), std::int64_t{1}, std::multiplies<>());
  std::vector<float> pixels(static_cast<std::size_t>(count));
  std::generate(pixels.begin(), pixels.end(), [&] { return pixel(random); });
  return pixels;
}

std::vector<float> run(const std::string& model_file, const Input& input,
                       std::vector<float> pixels) {
  // As ocr/text/network.cpp: nobody is told.
  [[maybe_unused]] static const int nothing_reported = setenv("ORT_DISABLE_TELEMETRY", "1", 1);
  static Ort::Env environment(ORT_LOGGING_LEVEL_ERROR, "model_check");
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  Ort::Session session(environment, model_file.c_str(), options);

  const Ort::AllocatorWithDefaultOptions allocator;
  const auto input_name = session.GetInputNameAllocated(0, allocator);
  const auto output_name = session.GetOutputNameAllocated(0, allocator);
  const std::array input_names{input_name.get()};
  const std::array output_names{output_name.get()};
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
  const auto tensor = Ort::Value::CreateTensor<float>(memory, pixels.data(), pixels.size(),
                                                      input.shape.data(), input.shape.size());
  const auto results = session.Run(Ort::RunOptions{nullptr}, input_names.data(), &tensor, 1,
                                   output_names.data(), output_names.size());
  const auto* values = results.front().GetTensorData<float>();
  return {values, values + results.front().GetTensorTypeAndShapeInfo().GetElementCount()};
}

class ModelCheck : public testing::TestWithParam<Input> {};

TEST_P(ModelCheck, cleaning_changes_nothing_but_rounding) {
  const Input& input = GetParam();
  float largest = 0;
  for (const unsigned seed : {1U, 2U, 3U}) {
    const auto pixels = random_pixels(input, seed);
    const auto expected = run(input.original(), input, pixels);
    const auto cleaned = run(input.cleaned(), input, pixels);
    ASSERT_EQ(cleaned.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      largest = std::max(largest, std::abs(cleaned[i] - expected[i]));
    }
  }
  EXPECT_LE(largest, kMaxDifference);
  RecordProperty("billionths", std::to_string(std::lround(largest * 1e9F)));
}

// Random pixels must move the result: a comparison of constants would prove nothing.
TEST_P(ModelCheck, result_depends_on_the_pixels) {
  const Input& input = GetParam();
  const std::string model = input.cleaned();
  EXPECT_NE(run(model, input, random_pixels(input, 1)), run(model, input, random_pixels(input, 2)));
}

// Characters as the alphabet counts them, and as many steps.
TEST(TrainedRecognizer, answers_as_the_published_one_does) {
  const Input trained{"rec", {1, 3, 48, 320}};
  const Input published{"rec-published", trained.shape};
  const auto pixels = random_pixels(trained, 1);
  const auto answer = run(trained.cleaned(), trained, pixels);
  EXPECT_EQ(answer.size(), run(published.cleaned(), published, pixels).size());
  EXPECT_NE(answer, run(published.cleaned(), published, pixels));
}

INSTANTIATE_TEST_SUITE_P(
    Models, ModelCheck,
    testing::Values(Input{"det", {1, 3, 320, 224}}, Input{"det", {1, 3, 96, 544}},
                    Input{"rec", {1, 3, 48, 320}}, Input{"rec", {2, 3, 48, 88}},
                    Input{"rec-published", {1, 3, 48, 320}}, Input{"cls", {1, 3, 48, 192}}),
    [](const auto& test) {
      const Input& input = test.param;
      std::string model = input.model;
      std::ranges::replace(model, '-', '_');
      return model + "_" + std::to_string(input.shape[0]) + "x" + std::to_string(input.shape[2]) +
             "x" + std::to_string(input.shape[3]);
    });

}  // namespace
}  // namespace archive
