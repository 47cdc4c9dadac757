#include "audit/sealing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "audit/digests.h"

namespace archive::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::string_view kFileMark = "JZSEAL01";
constexpr std::size_t kFileHeadBytes = 40;
constexpr std::size_t kSegmentBytes = (std::size_t{1} << 20) + kTagBytes;
constexpr std::size_t kTrailerBytes = 32 + kTagBytes;
constexpr std::string_view kObjectLabel = "juanzong object";
constexpr std::uint64_t kPassesMost = 64;
constexpr std::uint64_t kMemoryMost = std::uint64_t{4} << 30;
constexpr std::size_t kRecoveryDigits = 68;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string first_line(const fs::path& file) {
  const std::string text = text_of(file);
  std::string line = text.substr(0, text.find('\n'));
  while (line.ends_with('\r')) line.pop_back();
  if (line.empty()) throw std::runtime_error(file.string() + ": no key can be read from it");
  return line;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::map<std::string, std::string> values_in(const std::string& text) {
  std::map<std::string, std::string> values;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (const std::size_t blank = line.find(' '); blank != std::string::npos) {
      values[line.substr(0, blank)] = line.substr(blank + 1);
    }
  }
  return values;
}

std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

SecretKey passphrase_key(const std::string& words, const std::string& salt, std::uint64_t passes,
                         std::uint64_t memory) {
  if (passes < 1 || passes > kPassesMost || memory > kMemoryMost || sodium_init() < 0) return {};
  SecretKey key(kKeyBytes, '\0');
  const int done = crypto_pwhash(reinterpret_cast<unsigned char*>(key.data()), key.size(),
                                 words.data(), words.size(), raw(salt), passes,
                                 static_cast<std::size_t>(memory), crypto_pwhash_ALG_ARGON2ID13);
  return done == 0 ? key : SecretKey();
}

/// The key of a slot by what was given, empty when it is no slot for that.
SecretKey slot_key(std::map<std::string, std::string>& slot, const std::string& words) {
  const auto salt = unhex(slot["salt"], 16);
  if (!salt) return {};
  if (slot["kind"] == "passphrase") {
    return passphrase_key(words, *salt, number_in(slot["passes"]), number_in(slot["memory"]));
  }
  return derived(*unhex(words, kKeyBytes), "juanzong archive key " + *salt);
}

/// What was given, as the slots of its kind want it.
std::pair<std::string, std::string> kind_and_words(const WayIn& way) {
  if (!way.passphrase_file.empty()) return {"passphrase", first_line(way.passphrase_file)};
  if (!way.key_file.empty()) {
    const std::string words = lower(first_line(way.key_file));
    if (unhex(words, kKeyBytes)) return {"keyfile", words};
    throw std::runtime_error(way.key_file.string() + ": this is no key of 64 hexadecimal digits");
  }
  if (way.recovery_file.empty()) {
    throw std::runtime_error("the archive is encrypted and no key was given");
  }
  std::string digits = lower(first_line(way.recovery_file));
  std::erase_if(digits, [](char c) { return c == ' ' || c == '-' || c == '\t'; });
  const std::string words = digits.substr(0, 2 * kKeyBytes);
  if (digits.size() == kRecoveryDigits && unhex(words, kKeyBytes)) return {"recovery", words};
  throw std::runtime_error(way.recovery_file.string() + ": this is no recovery key");
}

std::string nonce_of(std::uint64_t segment, unsigned char part) {
  std::string nonce(kNonceBytes, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    nonce[7 - i] = static_cast<char>(segment >> (8 * i) & 0xff);
  }
  nonce.back() = static_cast<char>(part);
  return nonce;
}

}  // namespace

bool is_encrypted(const fs::path& archive) {
  std::error_code error;
  return fs::exists(archive / "keys" / "mark", error) ||
         fs::exists(archive / "objects" / "sealed", error);
}

SecretKey master_key(const fs::path& archive, const WayIn& way) {
  const std::string mark = text_of(archive / "keys" / "mark");
  const std::string id = values_in(mark)["id"];
  const auto [kind, words] = kind_and_words(way);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(archive / "keys", error)) {
    auto slot = values_in(text_of(entry.path()));
    if (slot["kind"] != kind) continue;
    const auto nonce = unhex(slot["nonce"], kNonceBytes);
    const auto sealed = unhex(slot["sealed"], kKeyBytes + kTagBytes);
    if (!nonce || !sealed) continue;
    const SecretKey key = slot_key(slot, words);
    if (key.empty()) continue;
    const auto master = opened(key, *nonce, "juanzong archive key " + id + " " + kind, *sealed);
    if (!master) continue;
    const std::size_t mac = std::min(mark.find("mac "), mark.size());
    const std::string lines = mark.substr(0, mac);
    if (mark.substr(mac) !=
        "mac " + hex(derived(derived(*master, "juanzong archive marks"), lines)) + "\n") {
      throw std::runtime_error((archive / "keys" / "mark").string() +
                               ": it is not as it was written");
    }
    return *master;
  }
  throw std::runtime_error(archive.string() + ": this " + kind + " does not open the archive");
}

SecretKey derived(const SecretKey& key, std::string_view purpose) {
  SecretKey made(kKeyBytes, '\0');
  unsigned size = 0;
  const auto* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(purpose),
                          purpose.size(), reinterpret_cast<unsigned char*>(made.data()), &size);
  if (done == nullptr || size != kKeyBytes) throw std::runtime_error("OpenSSL refuses HMAC");
  return made;
}

std::optional<std::string> opened(const SecretKey& key, std::string_view nonce,
                                  std::string_view label, std::string_view sealed) {
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  if (sealed.size() < kTagBytes || nonce.size() != kNonceBytes) return std::nullopt;
  const std::size_t size = sealed.size() - kTagBytes;
  std::string tag(sealed.substr(size));
  std::string plain(size, '\0');
  int part = 0;
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  const std::unique_ptr<EVP_CIPHER_CTX, Free> cipher(EVP_CIPHER_CTX_new());
  const bool right =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &part, raw(label), static_cast<int>(label.size())) ==
          1 &&
      EVP_DecryptUpdate(cipher.get(), out, &part, raw(sealed), static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag.size()),
                          tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), out + part, &part) == 1;
  if (!right) return std::nullopt;
  return plain;
}

std::optional<std::string> read_sealed_object(const fs::path& file, const SecretKey& objects_key,
                                              const std::function<void(std::string_view)>& take) {
  std::ifstream in(file, std::ios::binary);
  std::string head(kFileHeadBytes, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (!in || !head.starts_with(kFileMark)) return std::nullopt;
  const SecretKey key =
      derived(objects_key, "juanzong sealed file " + head.substr(kFileMark.size()));
  std::string pending;
  std::vector<char> buffer(kSegmentBytes);
  std::uint64_t number = 0;
  for (;;) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    pending.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (in.gcount() == 0) break;
    while (pending.size() > kSegmentBytes + kTrailerBytes) {
      const auto plain = opened(key, nonce_of(number++, 0), kObjectLabel,
                                std::string_view(pending).substr(0, kSegmentBytes));
      if (!plain) return std::nullopt;
      take(*plain);
      pending.erase(0, kSegmentBytes);
    }
  }
  if (in.bad() || pending.size() < kTrailerBytes) return std::nullopt;
  const std::size_t end = pending.size() - kTrailerBytes;
  const auto last =
      opened(key, nonce_of(number, 1), kObjectLabel, std::string_view(pending).substr(0, end));
  if (!last) return std::nullopt;
  take(*last);
  return opened(key, nonce_of(0, 2), kObjectLabel, std::string_view(pending).substr(end));
}

}  // namespace archive::audit
