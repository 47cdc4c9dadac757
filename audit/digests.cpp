#include "audit/digests.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace archive::audit {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

void expect(bool done) {
  if (!done) throw std::runtime_error("OpenSSL (libssl3) refuses to work; check its installation");
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

struct DigestOf::State {
  Context context{EVP_MD_CTX_new()};
  const EVP_MD* function = nullptr;
};

DigestOf::DigestOf(Function function) : state_(std::make_unique<State>()) {
  state_->function = function == Function::sha256 ? EVP_sha256() : EVP_sm3();
  expect(state_->context != nullptr);
  expect(EVP_DigestInit_ex(state_->context.get(), state_->function, nullptr) == 1);
}

DigestOf::~DigestOf() = default;
DigestOf::DigestOf(DigestOf&&) noexcept = default;

void DigestOf::add(std::string_view bytes) {
  expect(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

void DigestOf::add(const Digest& digest) {
  expect(EVP_DigestUpdate(state_->context.get(), digest.data(), digest.size()) == 1);
}

Digest DigestOf::finish() {
  Digest out;
  unsigned size = 0;
  expect(EVP_DigestFinal_ex(state_->context.get(), reinterpret_cast<unsigned char*>(out.data()),
                            &size) == 1 &&
         size == out.size());
  expect(EVP_DigestInit_ex(state_->context.get(), nullptr, nullptr) == 1);
  return out;
}

Digest digest(Function function, std::string_view bytes) {
  DigestOf counter(function);
  counter.add(bytes);
  return counter.finish();
}

std::optional<Digest> digest_of_file(const std::filesystem::path& file, std::uint64_t& bytes) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return std::nullopt;
  DigestOf counter(Function::sha256);
  std::vector<char> buffer(1 << 17);
  ssize_t got = 0;
  bytes = 0;
  while ((got = ::read(fd, buffer.data(), buffer.size())) > 0) {
    counter.add(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
    bytes += static_cast<std::uint64_t>(got);
  }
  ::close(fd);
  if (got < 0) return std::nullopt;
  return counter.finish();
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string hex(const Digest& digest) {
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::optional<std::string> unhex(std::string_view text, std::size_t bytes) {
  if (text.size() != 2 * bytes) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::optional<Digest> unhex_digest(std::string_view text) {
  const auto bytes = unhex(text, sizeof(Digest));
  if (!bytes) return std::nullopt;
  Digest out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::byte>((*bytes)[i]);
  return out;
}

std::optional<PublicKey> PublicKey::read(const std::string& pem) {
  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "ED25519") != 1) return std::nullopt;
  PublicKey out;
  out.bytes_.resize(32);
  std::size_t size = out.bytes_.size();
  expect(EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(out.bytes_.data()),
                                     &size) == 1);
  return out;
}

std::string PublicKey::id() const {
  constexpr std::size_t kDigits = 16;
  return hex(digest(Function::sha256, bytes_)).substr(0, kDigits);
}

std::string PublicKey::text() const {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                            reinterpret_cast<const unsigned char*>(bytes_.data()),
                                            bytes_.size()));
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new(BIO_s_mem()));
  expect(PEM_write_bio_PUBKEY(bio.get(), key.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

bool PublicKey::verifies(std::string_view text, std::string_view signature) const {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                            reinterpret_cast<const unsigned char*>(bytes_.data()),
                                            bytes_.size()));
  const Context context(EVP_MD_CTX_new());
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

}  // namespace archive::audit
