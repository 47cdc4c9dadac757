#include "ingest/sources/samples.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace archive {
namespace {

template <class T>
T host_number(const std::uint8_t* in) {
  T value;
  std::memcpy(&value, in, sizeof value);
  return value;
}

// IEEE 754 binary16.
double half_number(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F;
  const double fraction = (bits & 0x3FF) / 1024.0;
  const double sign = bits & 0x8000 ? -1 : 1;
  if (exponent == 0x1F) return fraction > 0 ? std::nan("") : sign * HUGE_VAL;
  if (exponent == 0) return sign * std::ldexp(fraction, -14);
  return sign * std::ldexp(1 + fraction, exponent - 15);
}

double real_number(unsigned bits, const std::uint8_t* in) {
  if (bits == 16) return half_number(host_number<std::uint16_t>(in));
  if (bits == 32) return host_number<float>(in);
  return host_number<double>(in);
}

// Numbers of any width, most significant bit first.
class BitReader {
 public:
  explicit BitReader(const std::uint8_t* in) : in_(in) {}

  std::uint32_t next(unsigned bits) {
    while (held_ < bits) {
      store_ = store_ << 8 | *in_++;
      held_ += 8;
    }
    held_ -= bits;
    return static_cast<std::uint32_t>(store_ >> held_ & ((std::uint64_t{1} << bits) - 1));
  }

 private:
  const std::uint8_t* in_;
  std::uint64_t store_ = 0;
  unsigned held_ = 0;
};

// The most significant byte of a whole number of 24, 32 or 64 bits in host order.
std::size_t top_byte(unsigned bytes) {
  const std::uint16_t probe = 1;
  const bool little = host_number<std::uint8_t>(reinterpret_cast<const std::uint8_t*>(&probe)) == 1;
  return little ? bytes - 1 : 0;
}

void unpack_real(const SampleType& type, const SampleRange& range, const std::uint8_t* in,
                 std::size_t count, std::uint8_t* out) {
  const double span = range.high > range.low ? range.high - range.low : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = (real_number(type.bits, in + i * type.bits / 8) - range.low) / span;
    out[i] = value > 0 ? static_cast<std::uint8_t>(std::min(value, 1.0) * 255 + 0.5) : 0;
  }
}

}  // namespace

bool is_supported(const SampleType& type) {
  if (type.real) return type.bits == 16 || type.bits == 32 || type.bits == 64;
  return (type.bits >= 1 && type.bits <= 32) || type.bits == 64;
}

void unpack_samples(const SampleType& type, const SampleRange& range, const std::uint8_t* in,
                    std::size_t count, std::uint8_t* out) {
  if (type.real) {
    unpack_real(type, range, in, count, out);
  } else if (type.bits == 8) {
    std::memcpy(out, in, count);
  } else if (type.bits == 16) {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = static_cast<std::uint8_t>((host_number<std::uint16_t>(in + 2 * i) + 128U) / 257U);
    }
  } else if (type.bits == 24 || type.bits == 32 || type.bits == 64) {
    const std::size_t bytes = type.bits / 8;
    const std::size_t top = top_byte(static_cast<unsigned>(bytes));
    for (std::size_t i = 0; i < count; ++i) out[i] = in[i * bytes + top];
  } else {
    const std::uint64_t max = (std::uint64_t{1} << type.bits) - 1;
    BitReader reader(in);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t value = reader.next(type.bits);
      out[i] = static_cast<std::uint8_t>((value * 255 + max / 2) / max);
    }
  }
}

void unpack_indices(unsigned bits, const std::uint8_t* in, std::size_t count, std::uint16_t* out) {
  if (bits == 16) {
    std::memcpy(out, in, count * sizeof *out);
    return;
  }
  BitReader reader(in);
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint16_t>(reader.next(bits));
}

void widen(const SampleType& type, const std::uint8_t* in, std::size_t count, SampleRange& range) {
  for (std::size_t i = 0; i < count; ++i) {
    const double value = real_number(type.bits, in + i * type.bits / 8);
    if (!std::isfinite(value)) continue;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
}

}  // namespace archive
