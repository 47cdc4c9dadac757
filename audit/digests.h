#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/ledger.h"

namespace archive::audit {

enum class Function { sha256, sm3 };

/// A digest over bytes that come piece by piece.
class DigestOf {
 public:
  explicit DigestOf(Function function);
  ~DigestOf();
  DigestOf(DigestOf&&) noexcept;

  void add(std::string_view bytes);
  void add(const Digest& digest);
  Digest finish();  ///< and begins anew

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest digest(Function function, std::string_view bytes);

/// Of a whole file; nothing when it cannot be read to its end.
std::optional<Digest> digest_of_file(const std::filesystem::path& file, std::uint64_t& bytes);

std::string hex(std::string_view bytes);
std::string hex(const Digest& digest);
/// Nothing unless it is exactly `bytes` bytes in small hexadecimal digits.
std::optional<std::string> unhex(std::string_view text, std::size_t bytes);
std::optional<Digest> unhex_digest(std::string_view text);

/// An Ed25519 public key.
class PublicKey {
 public:
  /// Nothing when the text is no such key in PEM.
  static std::optional<PublicKey> read(const std::string& pem);
  /// The first 16 hexadecimal digits of SHA-256 of its 32 bytes.
  std::string id() const;
  /// As it is written: PEM, with nothing before or after it.
  std::string text() const;
  bool verifies(std::string_view text, std::string_view signature) const;

 private:
  std::string bytes_;  // 32
};

}  // namespace archive::audit
