#include "store/packages/checksums.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "core/error.h"
#include "store/objects/digest.h"

namespace archive {
namespace {

struct KnownChecksum {
  std::string_view name;
  const EVP_MD* (*function)();
  bool strong;
};
constexpr std::array kKnownChecksums = {
    KnownChecksum{"md5", &EVP_md5, false},      KnownChecksum{"sha1", &EVP_sha1, false},
    KnownChecksum{"sha224", &EVP_sha224, true}, KnownChecksum{"sha256", &EVP_sha256, true},
    KnownChecksum{"sha384", &EVP_sha384, true}, KnownChecksum{"sha512", &EVP_sha512, true},
    KnownChecksum{"sm3", &EVP_sm3, true},
};

const KnownChecksum* checksum_named(std::string_view name) {
  const auto found = std::ranges::find(kKnownChecksums, name, &KnownChecksum::name);
  return found == kKnownChecksums.end() ? nullptr : &*found;
}

void expect_counted(int done) {
  if (done == 1) return;
  throw ArchiveError(ErrorKind::internal, "checksums", "OpenSSL refuses to count a digest",
                     "check the installation of OpenSSL (libssl3)");
}

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

bool known_checksum(std::string_view algorithm) { return checksum_named(algorithm) != nullptr; }

bool strong_checksum(std::string_view algorithm) {
  const KnownChecksum* known = checksum_named(algorithm);
  return known != nullptr && known->strong;
}

struct Checksums::State {
  struct One {
    const EVP_MD* function;
    std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context;
  };
  std::vector<One> all;

  void begin() {
    for (One& one : all) {
      expect_counted(EVP_DigestInit_ex(one.context.get(), one.function, nullptr));
    }
  }
};

Checksums::Checksums(const std::vector<std::string>& algorithms)
    : state_(std::make_unique<State>()) {
  for (const std::string& name : algorithms) {
    const KnownChecksum* known = checksum_named(name);
    assert(known != nullptr);
    state_->all.push_back({known->function(), {}});
    state_->all.back().context.reset(EVP_MD_CTX_new());
    expect_counted(state_->all.back().context != nullptr ? 1 : 0);
  }
  state_->begin();
}

Checksums::~Checksums() = default;

void Checksums::add(std::span<const std::byte> bytes) {
  for (State::One& one : state_->all) {
    expect_counted(EVP_DigestUpdate(one.context.get(), bytes.data(), bytes.size()));
  }
}

std::vector<std::string> Checksums::finish() {
  std::vector<std::string> sums;
  for (State::One& one : state_->all) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    expect_counted(EVP_DigestFinal_ex(one.context.get(), digest.data(), &length));
    sums.push_back(hex_of(std::as_bytes(std::span(digest).first(length))));
  }
  state_->begin();
  return sums;
}

}  // namespace archive
