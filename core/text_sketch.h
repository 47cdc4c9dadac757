#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace archive {

/// How much of a text a sketch keeps: likeness is then right to about 0.04.
constexpr std::size_t kSketchSize = 128;

/// A sketch of a text, by which two texts can be compared without having them: the least
/// hashes of all its runs of four characters, rising, at most kSketchSize (bottom-k sketch, Broder
/// 1997). Blanks do not count. The hashes are the same on every machine and in every version:
/// they are kept in the records.
std::vector<std::uint32_t> sketch_of(std::string_view utf8);

/// The share 0..1 of the runs of both texts that stand in both (Jaccard), estimated; 0 when one
/// of them is empty.
double likeness(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b);

}  // namespace archive
