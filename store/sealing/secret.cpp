#include "store/sealing/secret.h"

#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

#include "store/sealing/cipher.h"

namespace archive {
namespace {

// A thousand keys; the default limit of a process on locked memory is larger on every Linux.
constexpr std::size_t kArenaBytes = std::size_t{32} << 10;

// 1: locked; 2: in an arena of its own that could not be locked; 0: not even that.
int arena() {
  static const int made = CRYPTO_secure_malloc_init(kArenaBytes, Secret::kBytes);
  return made;
}

std::byte* allocate() {
  arena();
  // When the arena is full it comes from the ordinary heap, and is wiped all the same.
  void* bytes = OPENSSL_secure_zalloc(Secret::kBytes);
  if (bytes == nullptr) bytes = OPENSSL_zalloc(Secret::kBytes);
  if (bytes == nullptr) throw std::bad_alloc();
  return static_cast<std::byte*>(bytes);
}

}  // namespace

Secret::Secret() : bytes_(allocate()) {}

Secret::Secret(const Digest& bytes) : Secret() { std::ranges::copy(bytes, bytes_); }

Secret::Secret(const Secret& other) : Secret() { std::ranges::copy(other.bytes(), bytes_); }

Secret::Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}

Secret& Secret::operator=(Secret other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

Secret::~Secret() {
  if (bytes_ != nullptr) OPENSSL_secure_clear_free(bytes_, kBytes);
}

Secret Secret::random() {
  Secret made;
  random_bytes(made.bytes());
  return made;
}

std::optional<Secret> Secret::parse(std::string_view hex) {
  auto bytes = bytes_of_hex(hex);
  if (!bytes || bytes->size() != kBytes) return std::nullopt;
  Secret parsed;
  std::ranges::copy(std::as_bytes(std::span(*bytes)), parsed.bytes_);
  wipe(*bytes);
  return parsed;
}

Secret Secret::derive(std::string_view purpose) const {
  Digest digest = hmac_of(*this, purpose);
  Secret derived(digest);
  OPENSSL_cleanse(digest.data(), digest.size());
  return derived;
}

void wipe(std::span<char> text) { OPENSSL_cleanse(text.data(), text.size()); }

void forbid_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

bool dumps_are_forbidden() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 &&
         ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool memory_is_locked() { return arena() == 1; }

}  // namespace archive
