#pragma once

#include <cstdint>
#include <string_view>

#include "store/sealing/cipher.h"

namespace archive {

/// What a guess at a passphrase costs: Argon2id (RFC 9106) with one lane. Kept beside what it
/// protects, so that it may be raised for new passphrases.
struct PassphraseCost {
  std::uint64_t passes = 3;
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;
};

using Salt = std::array<std::byte, 16>;

/// The key that a passphrase gives. By libsodium. Throws ArchiveError{disk} when the memory cannot
/// be had, and {archive_foreign} for a cost beyond reason, which a forged file might demand.
Secret key_from(std::string_view passphrase, const Salt& salt, const PassphraseCost& cost);

}  // namespace archive
