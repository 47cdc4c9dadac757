#pragma once

#include <cstddef>
#include <cstdint>

namespace archive {

/// How one number of a picture is stored. Whole numbers of 1 to 32 or 64 bits, packed
/// without gaps, most significant bit first; 16, 24, 32 and 64 bits in host byte order.
/// Signed ones are taken as unsigned, as libtiff does. Real numbers of 16, 32 or 64 bits.
struct SampleType {
  unsigned bits = 8;
  bool real = false;
};

bool is_supported(const SampleType& type);

/// The values that become 0 and 255 when samples are real numbers.
struct SampleRange {
  double low = 0;
  double high = 1;
};

/// `count` samples as 8 bits each. `range` is for real numbers only.
void unpack_samples(const SampleType& type, const SampleRange& range, const std::uint8_t* in,
                    std::size_t count, std::uint8_t* out);

/// `count` whole numbers of at most 16 bits as they are: indices into a palette.
void unpack_indices(unsigned bits, const std::uint8_t* in, std::size_t count, std::uint16_t* out);

/// Widens `range` to what `count` real samples hold. What is no number is left out.
void widen(const SampleType& type, const std::uint8_t* in, std::size_t count, SampleRange& range);

}  // namespace archive
