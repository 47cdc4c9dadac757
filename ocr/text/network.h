#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace archive {

/// What a network answers. The values belong to it.
class NetworkAnswer {
 public:
  struct Impl;
  explicit NetworkAnswer(std::unique_ptr<Impl> impl);
  ~NetworkAnswer();
  NetworkAnswer(NetworkAnswer&&) noexcept;

  const std::vector<std::int64_t>& shape() const { return shape_; }
  std::span<const float> values() const { return values_; }

 private:
  std::unique_ptr<Impl> impl_;
  std::vector<std::int64_t> shape_;
  std::span<const float> values_;
};

/// A neural network from an ONNX file, ready to run: the only door to ONNX Runtime.
///
/// One network serves all threads. It runs on the calling thread alone, because the
/// pages are what is worked on side by side.
class Network {
 public:
  /// Throws ArchiveError{model_missing} when the file is absent or no model.
  explicit Network(const std::filesystem::path& file);
  ~Network();
  Network(Network&&) noexcept;

  /// `input` has the shape images, channels, rows, columns. One answer an output of the network,
  /// at least one. Throws std::runtime_error when the network gives up.
  std::vector<NetworkAnswer> run(std::span<float> input,
                                 const std::array<std::int64_t, 4>& shape) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The version of the runtime library that was loaded, such as "1.30.0".
std::string network_runtime_version();

}  // namespace archive
