#include "checks/sampling.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>
#include <utility>

namespace archive {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): a number from a seed and a place, the same everywhere.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t place) {
  std::uint64_t z = seed + (place + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

std::size_t sample_size(std::size_t pages, const SamplingPlan& plan) {
  const auto share = static_cast<std::size_t>(std::ceil(plan.share * static_cast<double>(pages)));
  return std::min(pages, std::max(share, static_cast<std::size_t>(plan.pages_min)));
}

std::vector<PageNumber> draw_sample(const std::vector<PageNumber>& pages,
                                    const std::vector<PageNumber>& forced, const SamplingPlan& plan,
                                    std::uint64_t seed) {
  // Each page has a number of its own by the seed; the least are drawn. So a page that is filed
  // later does not change what the others drew.
  const std::set<PageNumber> known(pages.begin(), pages.end());
  std::set<PageNumber> drawn;
  for (const PageNumber page : forced) {
    if (known.contains(page)) drawn.insert(page);
  }
  std::vector<std::pair<std::uint64_t, PageNumber>> lots;
  for (const PageNumber page : known) {
    lots.emplace_back(mixed(seed, static_cast<std::uint64_t>(page)), page);
  }
  std::ranges::sort(lots);
  const std::size_t size = sample_size(known.size(), plan);
  for (const auto& [lot, page] : lots) {
    if (drawn.size() >= size) break;
    drawn.insert(page);
  }
  return {drawn.begin(), drawn.end()};
}

bool sample_passes(std::size_t drawn, std::size_t faulty, const SamplingPlan& plan) {
  assert(faulty <= drawn);
  return static_cast<double>(drawn - faulty) >= plan.pass_share * static_cast<double>(drawn);
}

}  // namespace archive
