#include "store/sealing/sealed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "store/objects/input_file.h"

namespace archive {
namespace {

constexpr std::string_view kSealMark = "JZSEAL01";
constexpr std::size_t kFileSaltBytes = kSealHeadBytes - kSealMark.size();
constexpr std::size_t kSealedSegmentBytes = kSegmentBytes + kTagBytes;

/// What a nonce is for; the last byte of it.
enum class Part : unsigned char { segment = 0, last_segment = 1, trailer = 2 };

Secret file_key(const Secret& common_key, std::string_view salt) {
  return common_key.derive("juanzong sealed file " + std::string(salt));
}

Nonce nonce_of(std::uint64_t segment, Part part) {
  Nonce nonce{};
  for (int i = 7; i >= 0; --i) {
    nonce[static_cast<std::size_t>(i)] = static_cast<std::byte>(segment & 0xff);
    segment >>= 8;
  }
  nonce.back() = static_cast<std::byte>(part);
  return nonce;
}

std::size_t sealed_trailer_bytes(std::size_t size) { return size == 0 ? 0 : size + kTagBytes; }

/// Takes a sealed file piece by piece and hands over what is in it.
class Unsealer {
 public:
  Unsealer(const Secret& common_key, std::string_view label,
           const std::function<void(std::span<const std::byte>)>& take, SealTrailer* trailer)
      : common_key_(common_key), label_(label), take_(take), trailer_(trailer) {
    if (trailer_ != nullptr) held_back_ = sealed_trailer_bytes(trailer_->size);
  }

  void add(std::span<const std::byte> piece) {
    if (broken_) return;
    pending_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    if (!key_ && pending_.size() >= kSealHeadBytes) read_head();
    // The last segment is the one that nothing but the trailer follows.
    while (key_ && !broken_ && pending_.size() > kSealedSegmentBytes + held_back_) {
      open_segment(kSealedSegmentBytes, Part::segment);
    }
  }

  bool finish() {
    if (!key_ || broken_ || pending_.size() < held_back_) return false;
    open_segment(pending_.size() - held_back_, Part::last_segment);
    if (!broken_ && held_back_ > 0) open_trailer();
    return !broken_;
  }

 private:
  void read_head() {
    const std::string_view head = std::string_view(pending_).substr(0, kSealHeadBytes);
    broken_ = !head.starts_with(kSealMark);
    key_ = file_key(common_key_, head.substr(kSealMark.size()));
    pending_.erase(0, kSealHeadBytes);
  }

  void open_segment(std::size_t size, Part part) {
    const auto bytes = std::as_bytes(std::span(pending_)).first(size);
    const auto plain = unsealed(*key_, nonce_of(segments_++, part), label_, bytes);
    broken_ = !plain;
    if (broken_) return;
    pending_.erase(0, size);
    if (!plain->empty()) take_(std::as_bytes(std::span(*plain)));
  }

  void open_trailer() {
    auto plain = unsealed(*key_, nonce_of(0, Part::trailer), label_,
                          std::as_bytes(std::span(std::as_const(pending_))));
    broken_ = !plain;
    if (!broken_) trailer_->bytes = std::move(*plain);
  }

  const Secret& common_key_;
  std::string_view label_;
  const std::function<void(std::span<const std::byte>)>& take_;
  SealTrailer* trailer_;
  std::size_t held_back_ = 0;
  std::string pending_;
  std::optional<Secret> key_;
  std::uint64_t segments_ = 0;
  bool broken_ = false;
};

/// False when there are not as many.
bool read_at(int fd, std::span<char> bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> plain_bytes(std::uint64_t file_bytes, std::size_t trailer_bytes) {
  const std::uint64_t around = kSealHeadBytes + sealed_trailer_bytes(trailer_bytes);
  if (file_bytes < around + kTagBytes) return std::nullopt;
  const std::uint64_t body = file_bytes - around;
  const std::uint64_t segments = (body + kSealedSegmentBytes - 1) / kSealedSegmentBytes;
  if (body < segments * kTagBytes) return std::nullopt;
  return body - segments * kTagBytes;
}

Sealer::Sealer(const Secret& common_key, std::string label, Take take)
    : label_(std::move(label)), take_(std::move(take)) {
  std::array<std::byte, kFileSaltBytes> salt{};
  random_bytes(salt);
  const std::string_view text(reinterpret_cast<const char*>(salt.data()), salt.size());
  key_ = file_key(common_key, text);
  take_(std::as_bytes(std::span(kSealMark)));
  take_(salt);
}

void Sealer::add(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (pending_.size() == kSegmentBytes) put_segment(false);
    const std::size_t size = std::min(bytes.size(), kSegmentBytes - pending_.size());
    pending_.append(reinterpret_cast<const char*>(bytes.data()), size);
    bytes = bytes.subspan(size);
  }
}

void Sealer::finish(std::string_view trailer) {
  put_segment(true);
  if (trailer.empty()) return;
  const std::string cipher =
      sealed(key_, nonce_of(0, Part::trailer), label_, std::as_bytes(std::span(trailer)));
  take_(std::as_bytes(std::span(cipher)));
}

void Sealer::put_segment(bool last) {
  const Part part = last ? Part::last_segment : Part::segment;
  const std::string cipher =
      sealed(key_, nonce_of(segments_++, part), label_, std::as_bytes(std::span(pending_)));
  wipe(pending_);
  pending_.clear();
  take_(std::as_bytes(std::span(cipher)));
}

SealFault unseal_file(const std::filesystem::path& file, const Secret& common_key,
                      std::string_view label,
                      const std::function<void(std::span<const std::byte>)>& take,
                      SealTrailer* trailer) {
  const auto opened = InputFile::open(file, UINT64_MAX);
  if (!opened) {
    switch (opened.error().reason) {
      case FaultReason::vanished:
        return SealFault::missing;
      case FaultReason::empty_file:
        return SealFault::broken;
      default:
        return SealFault::unreadable;
    }
  }
  Unsealer unsealer(common_key, label, take, trailer);
  if (opened->read_all([&](std::span<const std::byte> piece) { unsealer.add(piece); })) {
    return SealFault::unreadable;
  }
  return unsealer.finish() ? SealFault::none : SealFault::broken;
}

std::optional<std::string> trailer_of(const std::filesystem::path& file, const Secret& common_key,
                                      std::string_view label, std::size_t size) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return std::nullopt;
  const off_t end = ::lseek(fd, 0, SEEK_END);
  std::string head(kSealHeadBytes, '\0');
  std::string trailer(sealed_trailer_bytes(size), '\0');
  const bool whole = end > 0 && plain_bytes(static_cast<std::uint64_t>(end), size).has_value() &&
                     read_at(fd, head, 0) &&
                     read_at(fd, trailer, static_cast<std::uint64_t>(end) - trailer.size());
  ::close(fd);
  if (!whole || !head.starts_with(kSealMark)) return std::nullopt;
  const Secret key = file_key(common_key, std::string_view(head).substr(kSealMark.size()));
  return unsealed(key, nonce_of(0, Part::trailer), label,
                  std::as_bytes(std::span(std::as_const(trailer))));
}

std::string sealed_text(const Secret& common_key, std::string_view label, std::string_view text) {
  std::string all;
  Sealer sealer(common_key, std::string(label), [&all](std::span<const std::byte> piece) {
    all.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  sealer.add(std::as_bytes(std::span(text)));
  sealer.finish();
  return all;
}

std::optional<std::string> unsealed_text(const Secret& common_key, std::string_view label,
                                         std::string_view sealed) {
  std::string text;
  const std::function<void(std::span<const std::byte>)> take =
      [&text](std::span<const std::byte> piece) {
        text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      };
  Unsealer unsealer(common_key, label, take, nullptr);
  unsealer.add(std::as_bytes(std::span(sealed)));
  if (!unsealer.finish()) return std::nullopt;
  return text;
}

}  // namespace archive
