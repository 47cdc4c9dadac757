#include "ocr/text/network.h"

#include <malloc.h>
#include <onnxruntime_cxx_api.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "core/error.h"

namespace archive {
namespace {

// A network asks for the same few megabytes again and again. By default each of them would
// come fresh from the kernel and be cleared page by page: a quarter of the detector's time.
// And one arena for all threads: what a thread's own arena holds is given back whatever these
// settings say, which cost two threads four times the page faults and a sixth of their time.
void keep_freed_memory() {
  constexpr int kKept = 256 << 20;
  mallopt(M_MMAP_THRESHOLD, kKept);
  mallopt(M_TRIM_THRESHOLD, kKept);
  mallopt(M_ARENA_MAX, 1);
}

// The library's own builds report to their maker as long as nobody forbids it. What an archive
// does is nobody's business; and it must be forbidden before there are threads.
[[maybe_unused]] const int kNothingReported = setenv("ORT_DISABLE_TELEMETRY", "1", 1);

const Ort::Env& environment() {
  static const Ort::Env env = [] {
    keep_freed_memory();
    Ort::Env made(ORT_LOGGING_LEVEL_ERROR, "juanzong");
    made.DisableTelemetryEvents();
    return made;
  }();
  return env;
}

// Without spinning and without an arena: threads that wait must not burn what the
// other pages need, and an arena keeps the largest page's memory for ever.
Ort::SessionOptions options() {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  options.SetInterOpNumThreads(1);
  options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
  options.DisableCpuMemArena();
  options.AddConfigEntry("session.intra_op.allow_spinning", "0");
  options.AddConfigEntry("session.inter_op.allow_spinning", "0");
  return options;
}

[[noreturn]] void throw_missing(const std::filesystem::path& file, const std::string& what) {
  throw ArchiveError(ErrorKind::model_missing, file.string(), what,
                     "run ./install.sh, or set ocr.engine = \"tesseract\"");
}

}  // namespace

struct NetworkAnswer::Impl {
  Ort::Value value;
};

NetworkAnswer::NetworkAnswer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  const auto info = impl_->value.GetTensorTypeAndShapeInfo();
  shape_ = info.GetShape();
  values_ = {impl_->value.GetTensorData<float>(), info.GetElementCount()};
}
NetworkAnswer::~NetworkAnswer() = default;
NetworkAnswer::NetworkAnswer(NetworkAnswer&&) noexcept = default;

struct Network::Impl {
  Ort::Session session;
  std::string input;
  std::vector<std::string> outputs;
};

Network::Network(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) throw_missing(file, "no recognition model");
  try {
    Ort::Session session(environment(), file.c_str(), options());
    Ort::AllocatorWithDefaultOptions allocator;
    std::string input = session.GetInputNameAllocated(0, allocator).get();
    std::vector<std::string> outputs;
    for (std::size_t i = 0; i < session.GetOutputCount(); ++i) {
      outputs.emplace_back(session.GetOutputNameAllocated(i, allocator).get());
    }
    impl_ = std::make_unique<Impl>(Impl{std::move(session), std::move(input), std::move(outputs)});
  } catch (const Ort::Exception& failure) {
    throw_missing(file, std::string("not a model that can be loaded: ") + failure.what());
  }
}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;

std::vector<NetworkAnswer> Network::run(std::span<float> input,
                                        const std::array<std::int64_t, 4>& shape) const {
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
  const Ort::Value tensor = Ort::Value::CreateTensor<float>(memory, input.data(), input.size(),
                                                            shape.data(), shape.size());
  const char* const inputs[] = {impl_->input.c_str()};
  std::vector<const char*> outputs;
  for (const std::string& name : impl_->outputs) outputs.push_back(name.c_str());
  try {
    auto values = impl_->session.Run(Ort::RunOptions{nullptr}, inputs, &tensor, 1, outputs.data(),
                                     outputs.size());
    std::vector<NetworkAnswer> answers;
    for (Ort::Value& value : values) {
      answers.emplace_back(
          std::make_unique<NetworkAnswer::Impl>(NetworkAnswer::Impl{std::move(value)}));
    }
    return answers;
  } catch (const Ort::Exception& failure) {
    throw std::runtime_error(std::string("the network gave up: ") + failure.what());
  }
}

std::string network_runtime_version() { return OrtGetApiBase()->GetVersionString(); }

}  // namespace archive
