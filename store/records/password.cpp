#include "store/records/password.h"

#include <sodium.h>

#include <array>

#include "core/error.h"

namespace archive {
namespace {

constexpr auto kRounds = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr auto kMemory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

void require_sodium() {
  if (sodium_init() >= 0) return;
  throw ArchiveError(ErrorKind::records, "passwords", "libsodium does not start",
                     "check that the system gives random numbers");
}

std::string hashed(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), kRounds, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw ArchiveError(ErrorKind::records, "passwords", "there is not enough memory to hash one",
                       "free 64 MB of memory and give the command again");
  }
  return hash.data();
}

}  // namespace

std::string hash_password(std::string_view password) {
  require_sodium();
  return hashed(password);
}

bool password_fits(std::string_view password, const std::string& hash) {
  require_sodium();
  static const std::string nobodys = hashed("a password that nobody has");
  const std::string& other = hash.empty() ? nobodys : hash;
  const bool fits = crypto_pwhash_str_verify(other.c_str(), password.data(), password.size()) == 0;
  return fits && !hash.empty();
}

}  // namespace archive
