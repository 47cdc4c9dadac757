#include "store/sealing/passphrase.h"

#include <sodium.h>

#include "core/error.h"

namespace archive {
namespace {

constexpr std::uint64_t kPassesMax = 64;
constexpr std::uint64_t kMemoryMax = std::uint64_t{4} << 30;

}  // namespace

Secret key_from(std::string_view passphrase, const Salt& salt, const PassphraseCost& cost) {
  static_assert(std::tuple_size_v<Salt> == crypto_pwhash_SALTBYTES);
  if (cost.passes < 1 || cost.passes > kPassesMax || cost.memory_bytes > kMemoryMax ||
      cost.memory_bytes < crypto_pwhash_MEMLIMIT_MIN) {
    throw ArchiveError(ErrorKind::archive_foreign, "Argon2id",
                       "the cost that is asked for is beyond reason",
                       "the key was not written by this program, or is damaged; use the recovery "
                       "key");
  }
  Secret key;
  const int done = sodium_init() < 0
                       ? -1
                       : crypto_pwhash(reinterpret_cast<unsigned char*>(key.bytes().data()),
                                       key.bytes().size(), passphrase.data(), passphrase.size(),
                                       reinterpret_cast<const unsigned char*>(salt.data()),
                                       cost.passes, static_cast<std::size_t>(cost.memory_bytes),
                                       crypto_pwhash_ALG_ARGON2ID13);
  if (done != 0) {
    throw ArchiveError(ErrorKind::disk, "Argon2id", "the memory for it cannot be had",
                       "free " + std::to_string(cost.memory_bytes >> 20) + " MiB of memory");
  }
  return key;
}

}  // namespace archive
