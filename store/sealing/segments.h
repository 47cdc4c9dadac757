#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/sealing/cipher.h"

// Long streams by AES-256-GCM: segments of 1 MiB, each with its place in the stream and whether it
// is the last, so that none can be cut off, left out or swapped. What sealed files (sealed_file.h)
// and sealed packages (store/packages/sealed_package.h) are made of.

namespace archive {

constexpr std::size_t kSegmentBytes = std::size_t{1} << 20;
constexpr std::size_t kSealedSegmentBytes = kSegmentBytes + kTagBytes;

/// In which order a format has the bytes of a segment's number in its nonce.
enum class NonceOrder { high_first, low_first };

/// Seals or opens segments one after the other. The key is of one stream alone.
class SegmentCipher {
 public:
  SegmentCipher(Secret key, std::string label, NonceOrder order)
      : key_(std::move(key)), label_(std::move(label)), order_(order) {}

  std::string seal(std::span<const std::byte> plain, bool last);
  /// Nothing when it is not what was sealed in this place.
  std::optional<std::string> open(std::span<const std::byte> sealed, bool last);
  std::uint64_t segments() const { return segments_; }

  /// Bytes that belong to no place in the stream, with a nonce that no segment has; once.
  std::string seal_beside(std::string_view plain) const;
  std::optional<std::string> open_beside(std::string_view sealed) const;

 private:
  Nonce next(bool last);

  Secret key_;
  std::string label_;
  NonceOrder order_;
  std::uint64_t segments_ = 0;
};

using TakeBytes = std::function<void(std::span<const std::byte>)>;

/// Seals bytes as they come. REQUIRES: finish() once, at the end.
class SegmentWriter {
 public:
  SegmentWriter(SegmentCipher cipher, TakeBytes take)
      : cipher_(std::move(cipher)), take_(std::move(take)) {}
  ~SegmentWriter();
  SegmentWriter(SegmentWriter&&) noexcept = default;

  void add(std::span<const std::byte> bytes);
  void finish();
  const SegmentCipher& cipher() const { return cipher_; }

 private:
  void put(bool last);

  SegmentCipher cipher_;
  TakeBytes take_;
  std::string pending_;
};

/// Opens sealed bytes as they come, and hands over each segment after its tag was found right.
class SegmentReader {
 public:
  /// `held_back`: so many bytes behind the last segment are none.
  SegmentReader(SegmentCipher cipher, std::size_t held_back, TakeBytes take)
      : cipher_(std::move(cipher)), held_back_(held_back), take_(std::move(take)) {}

  /// After a segment that does not open nothing more is done.
  void add(std::string_view bytes);
  /// False when a segment did not open, or the last one is not there.
  bool finish();

  bool broken() const { return broken_; }
  std::uint64_t opened() const { return cipher_.segments(); }
  /// After finish(): what was held back.
  std::string_view rest() const { return pending_; }
  const SegmentCipher& cipher() const { return cipher_; }

 private:
  void open(std::size_t size, bool last);

  SegmentCipher cipher_;
  std::size_t held_back_;
  TakeBytes take_;
  std::string pending_;
  bool broken_ = false;
};

}  // namespace archive
