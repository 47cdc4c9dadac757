#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/blob_id.h"
#include "core/ledger.h"

namespace archive {

enum class DigestKind { sha256, sm3 };

/// Counts a digest over bytes that come piece by piece. By OpenSSL.
class DigestCounter {
 public:
  explicit DigestCounter(DigestKind kind);
  ~DigestCounter();
  DigestCounter(const DigestCounter&) = delete;
  DigestCounter& operator=(const DigestCounter&) = delete;

  void add(std::span<const std::byte> bytes);
  void add(std::string_view bytes);
  /// Ends the count. The next add() begins a new one.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 as the name of an object.
class Sha256 {
 public:
  void add(std::span<const std::byte> bytes) { counter_.add(bytes); }
  /// Ends the count; nothing may be added after it.
  BlobId finish();

 private:
  DigestCounter counter_{DigestKind::sha256};
};

DigestPair digests_of(std::string_view bytes);

/// Small hexadecimal digits, two a byte.
std::string hex_of(std::span<const std::byte> bytes);

}  // namespace archive
