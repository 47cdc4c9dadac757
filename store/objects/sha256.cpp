#include "store/objects/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <string>

#include "core/error.h"

namespace archive {
namespace {

void expect(int done) {
  if (done == 1) return;
  throw ArchiveError(ErrorKind::internal, "SHA-256", "OpenSSL refuses to count a hash",
                     "check the installation of OpenSSL (libssl3)");
}

}  // namespace

struct Sha256::State {
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  expect(state_->context == nullptr ? 0 : 1);
  expect(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  expect(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

BlobId Sha256::finish() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  expect(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &length));
  std::string text(BlobId::kPrefix);
  for (unsigned i = 0; i < length; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return *BlobId::parse(text);
}

}  // namespace archive
