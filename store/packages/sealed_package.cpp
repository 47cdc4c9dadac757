#include "store/packages/sealed_package.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <fstream>
#include <span>
#include <utility>

#include "core/error.h"
#include "core/utf8.h"
#include "store/sealing/passphrase.h"
#include "store/sealing/segments.h"

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

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;  // of a file that is read
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

void put_number(Header& header, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) header[at + i] = static_cast<unsigned char>(value >> (8 * i));
}

std::uint32_t number_at(const Header& header, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{header[at + i]} << (8 * i);
  return value;
}

std::string_view text_at(const Header& header, std::size_t at, std::size_t size) {
  return {reinterpret_cast<const char*>(header.data()) + at, size};
}

Secret phrase_key(const std::string& phrase, const Header& header) {
  static_assert(sizeof(Salt) == kSaltBytes);
  Salt salt{};
  std::ranges::copy(std::as_bytes(std::span(header)).subspan(kPhraseSaltAt, kSaltBytes),
                    salt.begin());
  return key_from(
      phrase, salt,
      {number_at(header, kPassesAt), std::uint64_t{number_at(header, kMemoryAt)} << 10});
}

/// The key of this file alone, so that no nonce comes twice: HKDF-SHA256 (RFC 5869), of which one
/// block of each step is enough.
Secret file_key(const Secret& secret, const Header& header) {
  // HMAC fills a short key with zeros.
  Digest salt{};
  std::ranges::copy(std::as_bytes(std::span(header)).subspan(kFileSaltAt, kSaltBytes),
                    salt.begin());
  const std::string_view bytes(reinterpret_cast<const char*>(secret.bytes().data()),
                               secret.bytes().size());
  return Secret(salt).derive(bytes).derive("juanzong sealed file\x01");
}

SegmentCipher cipher_for(const SealKey& given, const Header& header) {
  Secret secret;
  if (given.key.empty()) {
    secret = phrase_key(given.passphrase, header);
  } else {
    assert(given.key.size() == secret.bytes().size());
    std::ranges::copy(std::as_bytes(std::span(given.key)), secret.bytes().begin());
  }
  return {file_key(secret, header), std::string(text_at(header, 0, header.size())),
          NonceOrder::low_first};
}

Header new_header(const SealKey& key) {
  Header header{};
  std::ranges::copy(kMark, header.begin());
  header[kKindAt] = key.key.empty() ? kByPhrase : kByKey;
  if (key.key.empty()) {
    put_number(header, kPassesAt, kPasses);
    put_number(header, kMemoryAt, kMemoryKib);
  }
  random_bytes(std::as_writable_bytes(std::span(header)).subspan(kFileSaltAt, 2 * kSaltBytes));
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
  const auto secret = Secret::parse(line);
  if (!secret) {
    throw ArchiveError(ErrorKind::settings, file.string(),
                       "this is no key of 64 hexadecimal digits",
                       "make one with `openssl rand -hex 32`");
  }
  SealKey key;
  key.key.assign(reinterpret_cast<const char*>(secret->bytes().data()), secret->bytes().size());
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
  SegmentWriter segments;
};

PackageSealer::PackageSealer(const SealKey& key, Sink sink) {
  const Header header = new_header(key);
  sink(text_at(header, 0, header.size()));
  auto take = [sink = std::move(sink)](std::span<const std::byte> bytes) {
    sink({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  state_ = std::make_unique<State>(State{SegmentWriter(cipher_for(key, header), std::move(take))});
}

PackageSealer::~PackageSealer() = default;

void PackageSealer::write(std::string_view bytes) {
  state_->segments.add(std::as_bytes(std::span(bytes)));
}

void PackageSealer::finish() { state_->segments.finish(); }

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
  SegmentReader segments(cipher_for(key, header), 0, [&take](std::span<const std::byte> bytes) {
    take({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  });
  std::string piece(kPieceBytes, '\0');
  bool any = false;
  while (in && !segments.broken()) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    any = any || in.gcount() > 0;
    segments.add(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
  }
  if (in.bad()) return PackageSealFault::unreadable;
  const bool in_the_middle = segments.broken();
  if (!in_the_middle && segments.finish()) return std::nullopt;
  if (!any) return PackageSealFault::cut_off;
  if (segments.opened() == 0) return PackageSealFault::wrong_key;
  // What is left ends with a segment that was not the last one that was sealed.
  return in_the_middle ? PackageSealFault::changed : PackageSealFault::cut_off;
}

}  // namespace archive
