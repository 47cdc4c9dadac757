#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/ledger.h"
#include "store/sealing/secret.h"

namespace archive {

using Nonce = std::array<std::byte, 12>;
constexpr std::size_t kTagBytes = 16;

void random_bytes(std::span<std::byte> bytes);

/// HMAC-SHA256 (RFC 2104).
Digest hmac_of(const Secret& key, std::string_view text);
/// HMAC-SHA1: for one-time codes, whose RFC 6238 wants it, and nothing else.
std::array<std::byte, 20> hmac_sha1_of(std::string_view key, std::span<const std::byte> text);

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
