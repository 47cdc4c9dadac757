#include "store/custody/sealed_file.h"

#include <algorithm>
#include <optional>

#include "store/objects/digest.h"
#include "store/objects/input_file.h"

namespace archive {
namespace {

constexpr std::string_view kSealMark = "JZSEAL01";
constexpr std::size_t kFileSaltBytes = 32;
constexpr std::size_t kHeadBytes = kSealMark.size() + kFileSaltBytes;
constexpr std::size_t kSealedSegmentBytes = kSegmentBytes + kTagBytes;

Secret file_key(const Secret& repository_key, std::string_view salt) {
  return repository_key.derive("juanzong sealed file " + std::string(salt));
}

Nonce nonce_of(std::uint64_t segment, bool last) {
  Nonce nonce{};
  for (int i = 7; i >= 0; --i) {
    nonce[static_cast<std::size_t>(i)] = static_cast<std::byte>(segment & 0xff);
    segment >>= 8;
  }
  nonce.back() = static_cast<std::byte>(last ? 1 : 0);
  return nonce;
}

/// Takes a sealed file piece by piece and hands over what is in it.
class Unsealer {
 public:
  Unsealer(const Secret& repository_key, std::string_view label,
           const std::function<void(std::span<const std::byte>)>& take)
      : repository_key_(repository_key), label_(label), take_(take) {}

  void add(std::span<const std::byte> piece) {
    if (broken_) return;
    pending_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    if (!key_ && pending_.size() >= kHeadBytes) read_head();
    // The last segment is the one that nothing follows.
    while (key_ && !broken_ && pending_.size() > kSealedSegmentBytes) {
      open_segment(kSealedSegmentBytes, false);
    }
  }

  bool finish() {
    if (!key_ || broken_) return false;
    open_segment(pending_.size(), true);
    return !broken_;
  }

 private:
  void read_head() {
    const std::string_view head = std::string_view(pending_).substr(0, kHeadBytes);
    broken_ = !head.starts_with(kSealMark);
    key_ = file_key(repository_key_, head.substr(kSealMark.size()));
    pending_.erase(0, kHeadBytes);
  }

  void open_segment(std::size_t size, bool last) {
    const auto bytes = std::as_bytes(std::span(pending_)).first(size);
    const auto plain = unsealed(*key_, nonce_of(segments_++, last), label_, bytes);
    broken_ = !plain;
    if (broken_) return;
    pending_.erase(0, size);
    if (!plain->empty()) take_(std::as_bytes(std::span(*plain)));
  }

  const Secret& repository_key_;
  std::string_view label_;
  const std::function<void(std::span<const std::byte>)>& take_;
  std::string pending_;
  std::optional<Secret> key_;
  std::uint64_t segments_ = 0;
  bool broken_ = false;
};

}  // namespace

Sealer::Sealer(const Secret& repository_key, std::string label, Take take)
    : label_(std::move(label)), take_(std::move(take)) {
  std::array<std::byte, kFileSaltBytes> salt{};
  random_bytes(salt);
  const std::string_view text(reinterpret_cast<const char*>(salt.data()), salt.size());
  key_ = file_key(repository_key, text);
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

void Sealer::finish() { put_segment(true); }

void Sealer::put_segment(bool last) {
  const std::string cipher =
      sealed(key_, nonce_of(segments_++, last), label_, std::as_bytes(std::span(pending_)));
  pending_.clear();
  take_(std::as_bytes(std::span(cipher)));
}

SealFault unseal_file(const std::filesystem::path& file, const Secret& repository_key,
                      std::string_view label,
                      const std::function<void(std::span<const std::byte>)>& take) {
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
  Unsealer unsealer(repository_key, label, take);
  if (opened->read_all([&](std::span<const std::byte> piece) { unsealer.add(piece); })) {
    return SealFault::unreadable;
  }
  return unsealer.finish() ? SealFault::none : SealFault::broken;
}

}  // namespace archive
