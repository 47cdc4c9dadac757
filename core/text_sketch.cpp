#include "core/text_sketch.h"

#include <algorithm>
#include <string>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kRun = 4;  // characters

bool is_blank(char32_t c) { return c <= U' ' || c == U'\u3000' || c == U'\u00A0'; }

std::uint32_t hash_of(std::u32string_view run) {
  // FNV-1a, with the finisher of MurmurHash3: the least of the hashes shall be any of them.
  std::uint32_t hash = 2166136261U;
  for (const char32_t c : run) {
    for (unsigned shift = 0; shift < 24; shift += 8) {
      hash = (hash ^ ((c >> shift) & 0xFFU)) * 16777619U;
    }
  }
  hash = (hash ^ (hash >> 16)) * 0x85EBCA6BU;
  hash = (hash ^ (hash >> 13)) * 0xC2B2AE35U;
  return hash ^ (hash >> 16);
}

}  // namespace

std::vector<std::uint32_t> sketch_of(std::string_view text) {
  std::u32string letters = code_points(text);
  std::erase_if(letters, is_blank);
  std::vector<std::uint32_t> hashes;
  for (std::size_t i = 0; i + kRun <= letters.size(); ++i) {
    hashes.push_back(hash_of(std::u32string_view(letters).substr(i, kRun)));
  }
  std::ranges::sort(hashes);
  const auto [last, end] = std::ranges::unique(hashes);
  hashes.erase(last, end);
  if (hashes.size() > kSketchSize) hashes.resize(kSketchSize);
  return hashes;
}

double likeness(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  if (a.empty() || b.empty()) return 0;
  // Of the least hashes of both together, those that both have.
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t seen = 0;
  std::size_t shared = 0;
  while (seen < kSketchSize && (i < a.size() || j < b.size())) {
    ++seen;
    if (j == b.size() || (i < a.size() && a[i] < b[j])) {
      ++i;
    } else if (i == a.size() || b[j] < a[i]) {
      ++j;
    } else {
      ++shared, ++i, ++j;
    }
  }
  return static_cast<double>(shared) / static_cast<double>(seen);
}

}  // namespace archive
