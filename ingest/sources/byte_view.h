#pragma once

#include <cstdint>

#include "ingest/sources/source_reader.h"

namespace archive {

/// Numbers out of bytes in one byte order. Reading past the end gives 0: ask has() where
/// the difference matters.
class ByteView {
 public:
  ByteView(Bytes bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  bool has(std::uint64_t offset, std::uint64_t count) const {
    return offset <= bytes_.size() && count <= bytes_.size() - offset;
  }
  std::uint16_t u16(std::uint64_t offset) const {
    return static_cast<std::uint16_t>(number(offset, 2));
  }
  std::uint32_t u32(std::uint64_t offset) const {
    return static_cast<std::uint32_t>(number(offset, 4));
  }
  std::int32_t i32(std::uint64_t offset) const { return static_cast<std::int32_t>(u32(offset)); }
  std::uint64_t u64(std::uint64_t offset) const { return number(offset, 8); }

 private:
  std::uint64_t number(std::uint64_t offset, unsigned count) const {
    if (!has(offset, count)) return 0;
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
      value = value << 8 | bytes_[offset + (big_endian_ ? i : count - 1 - i)];
    }
    return value;
  }

  Bytes bytes_;
  bool big_endian_;
};

}  // namespace archive
