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
Secret file_key(const Secret& common_key, std::string_view salt) {
  return common_key.derive("juanzong sealed file " + std::string(salt));
}

SegmentCipher cipher_of(const Secret& common_key, std::string_view salt, std::string_view label) {
  return {file_key(common_key, salt), std::string(label), NonceOrder::high_first};
}

/// Writes the head of a new file, and says by which cipher it goes on.
SegmentCipher begin_file(const Secret& common_key, std::string label, const TakeBytes& take) {
  std::array<std::byte, kFileSaltBytes> salt{};
  random_bytes(salt);
  take(std::as_bytes(std::span(kSealMark)));
  take(salt);
  return cipher_of(common_key, {reinterpret_cast<const char*>(salt.data()), salt.size()}, label);
}

std::size_t sealed_trailer_bytes(std::size_t size) { return size == 0 ? 0 : size + kTagBytes; }

/// Takes a sealed file piece by piece and hands over what is in it.
class Unsealer {
 public:
  Unsealer(const Secret& common_key, std::string_view label, const TakeBytes& take,
           SealTrailer* trailer)
      : common_key_(common_key), label_(label), take_(take), trailer_(trailer) {}

  void add(std::span<const std::byte> piece) {
    const std::string_view bytes(reinterpret_cast<const char*>(piece.data()), piece.size());
    if (segments_) {
      segments_->add(bytes);
      return;
    }
    head_.append(bytes);
    if (broken_ || head_.size() < kSealHeadBytes) return;
    broken_ = !head_.starts_with(kSealMark);
    if (broken_) return;
    const std::size_t held_back = trailer_ == nullptr ? 0 : sealed_trailer_bytes(trailer_->size);
    const std::string_view head = std::string_view(head_).substr(0, kSealHeadBytes);
    segments_.emplace(cipher_of(common_key_, head.substr(kSealMark.size()), label_), held_back,
                      take_);
    segments_->add(std::string_view(head_).substr(kSealHeadBytes));
  }

  bool finish() {
    if (!segments_ || !segments_->finish()) return false;
    if (trailer_ == nullptr || trailer_->size == 0) return true;
    auto plain = segments_->cipher().open_beside(segments_->rest());
    if (plain) trailer_->bytes = std::move(*plain);
    return plain.has_value();
  }

 private:
  const Secret& common_key_;
  std::string_view label_;
  const TakeBytes& take_;
  SealTrailer* trailer_;
  std::string head_;
  std::optional<SegmentReader> segments_;
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
    : take_(std::move(take)), segments_(begin_file(common_key, std::move(label), take_), take_) {}

void Sealer::finish(std::string_view trailer) {
  segments_.finish();
  if (trailer.empty()) return;
  const std::string cipher = segments_.cipher().seal_beside(trailer);
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
  return cipher_of(common_key, std::string_view(head).substr(kSealMark.size()), label)
      .open_beside(trailer);
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
