#include "store/sealing/cipher.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

#include "core/error.h"

namespace archive {
namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

void expect_cipher(bool done) {
  if (done) return;
  throw ArchiveError(ErrorKind::internal, "AES-256-GCM", "OpenSSL refuses to encrypt",
                     "check the installation of OpenSSL (libssl3)");
}

const unsigned char* raw(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// Fetched once: doing so for every call takes longer than a small text does.
const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  expect_cipher(cipher != nullptr);
  return cipher;
}

unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void random_bytes(std::span<std::byte> bytes) {
  expect_cipher(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                           static_cast<int>(bytes.size())) == 1);
}

Digest hmac_of(const Secret& key, std::string_view text) {
  Digest digest{};
  unsigned size = 0;
  const auto* done = HMAC(EVP_sha256(), key.bytes().data(), static_cast<int>(key.bytes().size()),
                          raw(std::as_bytes(std::span(text))), text.size(),
                          reinterpret_cast<unsigned char*>(digest.data()), &size);
  expect_cipher(done != nullptr && size == digest.size());
  return digest;
}

std::array<std::byte, 20> hmac_sha1_of(std::string_view key, std::span<const std::byte> text) {
  std::array<std::byte, 20> digest{};
  unsigned int size = digest.size();
  const auto* done = HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
                          raw(text), text.size(),
                          reinterpret_cast<unsigned char*>(digest.data()), &size);
  expect_cipher(done != nullptr && size == digest.size());
  return digest;
}

std::string sealed(const Secret& key, const Nonce& nonce, std::string_view label,
                   std::span<const std::byte> plain) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  expect_cipher(
      EVP_EncryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, raw(key.bytes()), raw(nonce)) == 1);
  int size = 0;
  expect_cipher(EVP_EncryptUpdate(cipher.get(), nullptr, &size,
                                  raw(std::as_bytes(std::span(label))),
                                  static_cast<int>(label.size())) == 1);
  std::string out(plain.size() + kTagBytes, '\0');
  expect_cipher(EVP_EncryptUpdate(cipher.get(), raw(out), &size, raw(plain),
                                  static_cast<int>(plain.size())) == 1);
  int rest = 0;
  expect_cipher(EVP_EncryptFinal_ex(cipher.get(), raw(out) + size, &rest) == 1);
  expect_cipher(static_cast<std::size_t>(size + rest) == plain.size());
  expect_cipher(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                    raw(out) + plain.size()) == 1);
  return out;
}

std::optional<std::string> unsealed(const Secret& key, const Nonce& nonce, std::string_view label,
                                    std::span<const std::byte> bytes) {
  if (bytes.size() < kTagBytes) return std::nullopt;
  const std::span<const std::byte> body = bytes.first(bytes.size() - kTagBytes);
  std::array<std::byte, kTagBytes> tag{};
  std::ranges::copy(bytes.last(kTagBytes), tag.begin());
  const Cipher cipher(EVP_CIPHER_CTX_new());
  expect_cipher(
      EVP_DecryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, raw(key.bytes()), raw(nonce)) == 1);
  int size = 0;
  expect_cipher(EVP_DecryptUpdate(cipher.get(), nullptr, &size,
                                  raw(std::as_bytes(std::span(label))),
                                  static_cast<int>(label.size())) == 1);
  std::string out(body.size(), '\0');
  expect_cipher(EVP_DecryptUpdate(cipher.get(), raw(out), &size, raw(body),
                                  static_cast<int>(body.size())) == 1);
  expect_cipher(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) ==
                1);
  int rest = 0;
  if (EVP_DecryptFinal_ex(cipher.get(), raw(out) + size, &rest) != 1) return std::nullopt;
  return out;
}

std::optional<std::string> bytes_of_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit_of(hex[i]);
    const int low = digit_of(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

}  // namespace archive
