#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/blob_id.h"

namespace archive {

/// SHA-256 over bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::span<const std::byte> bytes);
  /// Ends the count; nothing may be added after it.
  BlobId finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace archive
