#include "store/objects/digest.h"

#include <openssl/evp.h>

#include "core/error.h"

namespace archive {
namespace {

void expect(int done) {
  if (done == 1) return;
  throw ArchiveError(ErrorKind::internal, "SHA-256 or SM3", "OpenSSL refuses to count a digest",
                     "check the installation of OpenSSL (libssl3)");
}

}  // namespace

struct DigestCounter::State {
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

DigestCounter::DigestCounter(DigestKind kind) : state_(std::make_unique<State>()) {
  expect(state_->context == nullptr ? 0 : 1);
  expect(EVP_DigestInit_ex(state_->context.get(),
                           kind == DigestKind::sha256 ? EVP_sha256() : EVP_sm3(), nullptr));
}

DigestCounter::~DigestCounter() = default;

void DigestCounter::add(std::span<const std::byte> bytes) {
  expect(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

void DigestCounter::add(std::string_view bytes) { add(std::as_bytes(std::span(bytes))); }

Digest DigestCounter::finish() {
  Digest digest;
  unsigned length = 0;
  expect(EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                            &length));
  expect(length == digest.size() ? 1 : 0);
  expect(EVP_DigestInit_ex(state_->context.get(), nullptr, nullptr));
  return digest;
}

BlobId Sha256::finish() {
  return *BlobId::parse(std::string(BlobId::kPrefix) + hex_of(counter_.finish()));
}

DigestPair digests_of(std::string_view bytes) {
  DigestCounter sha256(DigestKind::sha256);
  DigestCounter sm3(DigestKind::sm3);
  sha256.add(bytes);
  sm3.add(bytes);
  return {sha256.finish(), sm3.finish()};
}

std::string hex_of(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4];
    text += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

}  // namespace archive
