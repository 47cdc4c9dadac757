#include "store/packages/sealed_package.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <fstream>
#include <vector>

#include "core/error.h"
#include "core/utf8.h"

namespace archive {
namespace {

// The header, 64 bytes: mark, kind of key, three zeros, passes and memory (KiB) of Argon2id as
// 32-bit numbers (low byte first), its salt, the salt of the file's own key.
constexpr std::string_view kMark = "juanzong sealed1";
constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kKindAt = 16;
constexpr std::size_t kPassesAt = 20;
constexpr std::size_t kMemoryAt = 24;
constexpr std::size_t kFileSaltAt = 32;
constexpr std::size_t kPhraseSaltAt = 48;
constexpr std::size_t kSaltBytes = 16;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr unsigned char kByKey = 'k';
constexpr unsigned char kByPhrase = 'p';

constexpr std::uint32_t kPasses = 3;
constexpr std::uint32_t kMemoryKib = 256 << 10;
// A header that asks for more was made to make the reader suffer.
constexpr std::uint32_t kPassesMax = 16;
constexpr std::uint32_t kMemoryKibMax = 1 << 20;

constexpr std::size_t kPhraseCharactersMin = 12;
constexpr std::uintmax_t kKeyFileBytesMax = 4096;

using Header = std::array<unsigned char, kHeaderBytes>;
using Key = std::array<unsigned char, kKeyBytes>;

void expect_sealing(bool done) {
  if (done) return;
  throw ArchiveError(ErrorKind::internal, "sealing", "OpenSSL or libsodium refuses",
                     "check the installation of libssl3 and libsodium23");
}

void put_number(Header& header, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) header[at + i] = static_cast<unsigned char>(value >> (8 * i));
}

std::uint32_t number_at(const Header& header, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{header[at + i]} << (8 * i);
  return value;
}

Key phrase_key(const std::string& phrase, const Header& header) {
  Key key{};
  const int done =
      crypto_pwhash(key.data(), key.size(), phrase.data(), phrase.size(),
                    header.data() + kPhraseSaltAt, number_at(header, kPassesAt),
                    std::size_t{number_at(header, kMemoryAt)} << 10, crypto_pwhash_ALG_ARGON2ID13);
  if (done != 0) {
    throw ArchiveError(ErrorKind::internal, "Argon2id", "there is not enough memory",
                       "free 256 MB of memory");
  }
  return key;
}

/// The key of this file alone: HKDF-SHA256 with a salt of its own, so that no nonce comes twice.
Key file_key(const Key& secret, const Header& header) {
  struct FreeKdf {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  };
  constexpr std::string_view kInfo = "juanzong sealed file";
  const std::unique_ptr<EVP_PKEY_CTX, FreeKdf> context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  expect_sealing(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1);
  expect_sealing(EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1);
  expect_sealing(EVP_PKEY_CTX_set1_hkdf_salt(context.get(), header.data() + kFileSaltAt,
                                             static_cast<int>(kSaltBytes)) == 1);
  expect_sealing(EVP_PKEY_CTX_set1_hkdf_key(context.get(), secret.data(),
                                            static_cast<int>(secret.size())) == 1);
  expect_sealing(EVP_PKEY_CTX_add1_hkdf_info(context.get(),
                                             reinterpret_cast<const unsigned char*>(kInfo.data()),
                                             static_cast<int>(kInfo.size())) == 1);
  Key key{};
  std::size_t size = key.size();
  expect_sealing(EVP_PKEY_derive(context.get(), key.data(), &size) == 1 && size == key.size());
  return key;
}

Key key_for(const SealKey& given, const Header& header) {
  Key secret{};
  if (given.key.empty()) {
    secret = phrase_key(given.passphrase, header);
  } else {
    assert(given.key.size() == kKeyBytes);
    std::copy_n(reinterpret_cast<const unsigned char*>(given.key.data()), kKeyBytes,
                secret.begin());
  }
  const Key key = file_key(secret, header);
  sodium_memzero(secret.data(), secret.size());
  return key;
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

/// AES-256-GCM over numbered pieces. The nonce has the piece's number and whether it is the last;
/// the header is authenticated with every piece.
class PieceCipher {
 public:
  PieceCipher(const Key& key, const Header& header, bool seals)
      : header_(header), seals_(seals), context_(EVP_CIPHER_CTX_new()) {
    expect_sealing(context_ != nullptr &&
                   EVP_CipherInit_ex(context_.get(), EVP_aes_256_gcm(), nullptr, key.data(),
                                     nullptr, seals ? 1 : 0) == 1);
  }

  /// `tag` is written when sealing and asked for when opening. False when it is not right.
  bool turn(std::string& bytes, bool last, std::array<unsigned char, kTagBytes>& tag) {
    std::array<unsigned char, kNonceBytes> nonce{};
    for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<unsigned char>(number_ >> (8 * i));
    nonce[kNonceBytes - 1] = last ? 1 : 0;
    ++number_;
    EVP_CIPHER_CTX* context = context_.get();
    expect_sealing(EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), -1) == 1);
    int size = 0;
    expect_sealing(EVP_CipherUpdate(context, nullptr, &size, header_.data(),
                                    static_cast<int>(header_.size())) == 1);
    auto* text = reinterpret_cast<unsigned char*>(bytes.data());
    expect_sealing(EVP_CipherUpdate(context, text, &size, text, static_cast<int>(bytes.size())) ==
                   1);
    if (!seals_) {
      expect_sealing(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG,
                                         static_cast<int>(tag.size()), tag.data()) == 1);
    }
    if (EVP_CipherFinal_ex(context, text, &size) != 1) return false;
    if (seals_) {
      expect_sealing(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG,
                                         static_cast<int>(tag.size()), tag.data()) == 1);
    }
    return true;
  }

 private:
  Header header_;
  bool seals_;
  std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context_;
  std::uint64_t number_ = 0;
};

Header new_header(const SealKey& key) {
  Header header{};
  std::ranges::copy(kMark, header.begin());
  header[kKindAt] = key.key.empty() ? kByPhrase : kByKey;
  if (key.key.empty()) {
    put_number(header, kPassesAt, kPasses);
    put_number(header, kMemoryAt, kMemoryKib);
  }
  expect_sealing(sodium_init() >= 0);
  randombytes_buf(header.data() + kFileSaltAt, 2 * kSaltBytes);
  return header;
}

std::string first_line_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  std::error_code error;
  if (std::filesystem::file_size(file, error) > kKeyFileBytesMax || error ||
      !std::getline(in, line)) {
    throw ArchiveError(ErrorKind::settings, file.string(), "no key can be read from it",
                       "check the path; the file has one line");
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

SealKey SealKey::from_key_file(const std::filesystem::path& file) {
  const std::string line = first_line_of(file);
  SealKey key;
  key.key.resize(kKeyBytes);
  std::size_t size = 0;
  const int done = sodium_hex2bin(reinterpret_cast<unsigned char*>(key.key.data()), kKeyBytes,
                                  line.data(), line.size(), nullptr, &size, nullptr);
  if (done != 0 || size != kKeyBytes || line.size() != 2 * kKeyBytes) {
    throw ArchiveError(ErrorKind::settings, file.string(),
                       "this is no key of 64 hexadecimal digits",
                       "make one with `openssl rand -hex 32`");
  }
  return key;
}

SealKey SealKey::from_passphrase_file(const std::filesystem::path& file) {
  SealKey key;
  key.passphrase = first_line_of(file);
  if (!is_utf8(key.passphrase) || code_points(key.passphrase).size() < kPhraseCharactersMin) {
    throw ArchiveError(ErrorKind::settings, file.string(), "the passphrase is too short",
                       "write 12 characters or more into the first line");
  }
  return key;
}

struct PackageSealer::State {
  Sink sink;
  PieceCipher cipher;
  std::string piece;

  void turn(bool last) {
    std::array<unsigned char, kTagBytes> tag{};
    expect_sealing(cipher.turn(piece, last, tag));
    sink(piece);
    sink({reinterpret_cast<const char*>(tag.data()), tag.size()});
    piece.clear();
  }
};

PackageSealer::PackageSealer(const SealKey& key, Sink sink) {
  const Header header = new_header(key);
  sink({reinterpret_cast<const char*>(header.data()), header.size()});
  state_ = std::make_unique<State>(
      State{std::move(sink), PieceCipher(key_for(key, header), header, true), {}});
}

PackageSealer::~PackageSealer() = default;

void PackageSealer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    // A full piece waits: it may turn out to be the last.
    if (state_->piece.size() == kPieceBytes) state_->turn(false);
    const std::size_t part = std::min(bytes.size(), kPieceBytes - state_->piece.size());
    state_->piece.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
  }
}

void PackageSealer::finish() { state_->turn(true); }

std::string_view name_of(PackageSealFault fault) {
  switch (fault) {
    case PackageSealFault::not_sealed:
      return "not_sealed";
    case PackageSealFault::wrong_kind:
      return "wrong_kind";
    case PackageSealFault::wrong_key:
      return "wrong_key";
    case PackageSealFault::changed:
      return "changed";
    case PackageSealFault::cut_off:
      return "cut_off";
    case PackageSealFault::unreadable:
      break;
  }
  return "unreadable";
}

namespace {

/// The pieces of a sealed file, one read ahead: the one after which nothing comes is the last.
class PieceReader {
 public:
  explicit PieceReader(std::ifstream& in) : in_(in) { read(); }

  bool next(std::string& piece) {
    if (ahead_.empty()) return false;
    piece = std::move(ahead_);
    read();
    return true;
  }
  bool last() const { return ahead_.empty(); }
  bool failed() const { return in_.bad(); }

 private:
  void read() {
    ahead_.resize(kPieceBytes + kTagBytes);
    in_.read(ahead_.data(), static_cast<std::streamsize>(ahead_.size()));
    ahead_.resize(static_cast<std::size_t>(in_.gcount()));
  }

  std::ifstream& in_;
  std::string ahead_;
};

bool header_is_right(const Header& header) {
  const bool kind = header[kKindAt] == kByKey || header[kKindAt] == kByPhrase;
  const std::uint32_t passes = number_at(header, kPassesAt);
  const std::uint32_t memory = number_at(header, kMemoryAt);
  const bool costs = header[kKindAt] == kByKey || (passes >= 1 && passes <= kPassesMax &&
                                                   memory >= 8 && memory <= kMemoryKibMax);
  return std::equal(kMark.begin(), kMark.end(), header.begin()) && kind && costs;
}

}  // namespace

std::optional<PackageSealFault> unseal(const std::filesystem::path& file, const SealKey& key,
                                       const PackageSealer::Sink& take) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return PackageSealFault::unreadable;
  Header header{};
  in.read(reinterpret_cast<char*>(header.data()), static_cast<std::streamsize>(header.size()));
  if (!in || !header_is_right(header)) return PackageSealFault::not_sealed;
  if ((header[kKindAt] == kByKey) == key.key.empty()) return PackageSealFault::wrong_kind;
  expect_sealing(sodium_init() >= 0);
  PieceCipher cipher(key_for(key, header), header, false);
  PieceReader pieces(in);
  std::string piece;
  for (std::int64_t number = 0; pieces.next(piece); ++number) {
    if (piece.size() < kTagBytes) return PackageSealFault::cut_off;
    std::array<unsigned char, kTagBytes> tag{};
    std::copy_n(piece.end() - static_cast<std::ptrdiff_t>(kTagBytes), kTagBytes, tag.begin());
    piece.resize(piece.size() - kTagBytes);
    if (!cipher.turn(piece, pieces.last(), tag)) {
      if (pieces.failed()) return PackageSealFault::unreadable;
      // The last piece of what is left was not the last that was sealed.
      if (pieces.last() && number > 0) return PackageSealFault::cut_off;
      return number == 0 ? PackageSealFault::wrong_key : PackageSealFault::changed;
    }
    take(piece);
    if (pieces.last()) return std::nullopt;
  }
  return pieces.failed() ? PackageSealFault::unreadable : PackageSealFault::cut_off;
}

}  // namespace archive
