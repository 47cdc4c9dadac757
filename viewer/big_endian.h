#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace archive {

/// Numbers as OpenType fonts and colour profiles have them: the high byte first.
class BigEndian {
 public:
  BigEndian& u16(int value) {
    bytes_ += static_cast<char>((value >> 8) & 0xFF);
    bytes_ += static_cast<char>(value & 0xFF);
    return *this;
  }
  BigEndian& u32(std::uint32_t value) {
    return u16(static_cast<int>(value >> 16)).u16(static_cast<int>(value & 0xFFFF));
  }
  BigEndian& zeros(int count) {
    bytes_.append(static_cast<std::size_t>(count), '\0');
    return *this;
  }
  BigEndian& text(std::string_view text) {
    bytes_ += text;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace archive
