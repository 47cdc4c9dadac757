#include "store/sealing/segments.h"

#include <algorithm>

namespace archive {
namespace {

// The last byte of a nonce: what the segment is.
constexpr std::byte kInside{0};
constexpr std::byte kLast{1};
constexpr std::byte kBeside{2};
constexpr std::size_t kNumberBytes = 8;

Nonce nonce_beside() {
  Nonce nonce{};
  nonce.back() = kBeside;
  return nonce;
}

std::span<const std::byte> bytes_in(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

Nonce SegmentCipher::next(bool last) {
  Nonce nonce{};
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    const std::size_t at = order_ == NonceOrder::low_first ? i : kNumberBytes - 1 - i;
    nonce[at] = static_cast<std::byte>(segments_ >> (8 * i) & 0xff);
  }
  nonce.back() = last ? kLast : kInside;
  return nonce;
}

std::string SegmentCipher::seal(std::span<const std::byte> plain, bool last) {
  std::string made = sealed(key_, next(last), label_, plain);
  ++segments_;
  return made;
}

std::optional<std::string> SegmentCipher::open(std::span<const std::byte> bytes, bool last) {
  auto plain = unsealed(key_, next(last), label_, bytes);
  if (plain) ++segments_;
  return plain;
}

std::string SegmentCipher::seal_beside(std::string_view plain) const {
  return sealed(key_, nonce_beside(), label_, bytes_in(plain));
}

std::optional<std::string> SegmentCipher::open_beside(std::string_view bytes) const {
  return unsealed(key_, nonce_beside(), label_, bytes_in(bytes));
}

SegmentWriter::~SegmentWriter() { wipe(pending_); }

void SegmentWriter::add(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    // A full segment waits: it may turn out to be the last.
    if (pending_.size() == kSegmentBytes) put(false);
    const std::size_t size = std::min(bytes.size(), kSegmentBytes - pending_.size());
    pending_.append(reinterpret_cast<const char*>(bytes.data()), size);
    bytes = bytes.subspan(size);
  }
}

void SegmentWriter::finish() { put(true); }

void SegmentWriter::put(bool last) {
  const std::string sealed_bytes = cipher_.seal(bytes_in(pending_), last);
  wipe(pending_);
  pending_.clear();
  take_(bytes_in(sealed_bytes));
}

void SegmentReader::add(std::string_view bytes) {
  if (broken_) return;
  pending_.append(bytes);
  // The last segment is the one that nothing but what is held back follows.
  while (!broken_ && pending_.size() > kSealedSegmentBytes + held_back_) {
    open(kSealedSegmentBytes, false);
  }
}

bool SegmentReader::finish() {
  if (broken_) return false;
  if (pending_.size() < held_back_) {
    broken_ = true;
  } else {
    open(pending_.size() - held_back_, true);
  }
  return !broken_;
}

void SegmentReader::open(std::size_t size, bool last) {
  auto plain = cipher_.open(bytes_in(pending_).first(size), last);
  broken_ = !plain;
  if (broken_) return;
  pending_.erase(0, size);
  if (!plain->empty()) take_(bytes_in(*plain));
  wipe(*plain);
}

}  // namespace archive
