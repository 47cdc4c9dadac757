#include "store/ledger/signing_key.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "store/objects/digest.h"

namespace archive {
namespace {

constexpr std::size_t kPublicBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kIdDigits = 16;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

void expect(bool done) {
  if (done) return;
  throw ArchiveError(ErrorKind::internal, "Ed25519", "OpenSSL refuses to sign",
                     "check the installation of OpenSSL (libssl3)");
}

std::string id_of(EVP_PKEY* key) {
  std::array<unsigned char, kPublicBytes> bytes{};
  std::size_t size = bytes.size();
  expect(EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) == 1);
  DigestCounter counter(DigestKind::sha256);
  counter.add(std::as_bytes(std::span(bytes)));
  return hex_of(counter.finish()).substr(0, kIdDigits);
}

/// Nothing when the text is no such signature.
std::optional<std::array<unsigned char, kSignatureBytes>> signature_in(std::string_view digits) {
  std::array<unsigned char, kSignatureBytes> bytes{};
  if (digits.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* begin = digits.data() + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, bytes[i], 16);
    if (error != std::errc{} || end != begin + 2) return std::nullopt;
  }
  return bytes;
}

std::string text_in(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  expect(size > 0);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

struct SigningKey::State {
  std::unique_ptr<EVP_PKEY, FreeKey> key;
};

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::make() {
  auto state = std::make_unique<State>();
  state->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  expect(state->key != nullptr);
  return SigningKey(std::move(state));
}

SigningKey SigningKey::read(std::string_view private_text, const std::string& where) {
  const Bio bio(BIO_new_mem_buf(private_text.data(), static_cast<int>(private_text.size())));
  auto state = std::make_unique<State>();
  // An empty password: nobody is asked for one on the terminal.
  state->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")));
  if (state->key == nullptr || EVP_PKEY_is_a(state->key.get(), "ED25519") != 1) {
    throw ArchiveError(ErrorKind::damage, where, "this is no Ed25519 key",
                       "bring the file back from a backup, or move it away, make a new key with "
                       "`juanzong ledger --new-key` and say why");
  }
  return SigningKey(std::move(state));
}

std::string SigningKey::private_text() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  expect(PEM_write_bio_PKCS8PrivateKey(bio.get(), state_->key.get(), nullptr, nullptr, 0, nullptr,
                                       nullptr) == 1);
  return text_in(bio.get());
}

std::string SigningKey::public_text() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  expect(PEM_write_bio_PUBKEY(bio.get(), state_->key.get()) == 1);
  return text_in(bio.get());
}

std::string SigningKey::id() const { return id_of(state_->key.get()); }

std::string SigningKey::sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  expect(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) == 1);
  std::array<unsigned char, kSignatureBytes> signature{};
  std::size_t size = signature.size();
  expect(EVP_DigestSign(context.get(), signature.data(), &size,
                        reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
  expect(size == signature.size());
  return hex_of(std::as_bytes(std::span(signature)));
}

std::optional<SigningKey::Looked> SigningKey::look_at(std::string_view public_text,
                                                      std::string_view text,
                                                      std::string_view signature) {
  const Bio bio(BIO_new_mem_buf(public_text.data(), static_cast<int>(public_text.size())));
  expect(bio != nullptr);
  const std::unique_ptr<EVP_PKEY, FreeKey> key(
      PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, const_cast<char*>("")));
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "ED25519") != 1) return std::nullopt;
  Looked looked{id_of(key.get()), false};
  const auto bytes = signature_in(signature);
  if (!bytes) return looked;
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  expect(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  looked.holds =
      EVP_DigestVerify(context.get(), bytes->data(), bytes->size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  return looked;
}

}  // namespace archive
