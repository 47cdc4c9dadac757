#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/ledger.h"

namespace archive {

/// 32 secret bytes that are wiped when they go.
class Secret {
 public:
  Secret() = default;
  explicit Secret(const Digest& bytes) : bytes_(bytes) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();

  static Secret random();
  /// 64 hexadecimal digits, of any case; nothing for any other text.
  static std::optional<Secret> parse(std::string_view hex);

  std::span<const std::byte> bytes() const { return bytes_; }
  std::span<std::byte> bytes() { return bytes_; }
  /// HMAC-SHA256 with this key, as a key for one purpose or one file.
  Secret derive(std::string_view purpose) const;

 private:
  Digest bytes_{};
};

using Nonce = std::array<std::byte, 12>;
constexpr std::size_t kTagBytes = 16;

void random_bytes(std::span<std::byte> bytes);

/// HMAC-SHA256 (RFC 2104).
Digest hmac_of(const Secret& key, std::string_view text);

/// AES-256-GCM (NIST SP 800-38D): the cipher text with its tag behind it. A nonce is used once a
/// key. `label` is authenticated and not kept: whoever opens must know it. By OpenSSL.
std::string sealed(const Secret& key, const Nonce& nonce, std::string_view label,
                   std::span<const std::byte> plain);
/// Nothing when key, nonce, label or bytes are others.
std::optional<std::string> unsealed(const Secret& key, const Nonce& nonce, std::string_view label,
                                    std::span<const std::byte> cipher);

/// The bytes of hexadecimal digits; nothing when it is something else.
std::optional<std::string> bytes_of_hex(std::string_view hex);

}  // namespace archive
