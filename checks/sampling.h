#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "config/sampling_plan.h"
#include "core/page.h"

namespace archive {

/// How many of so many pages are drawn.
std::size_t sample_size(std::size_t pages, const SamplingPlan& plan);

/// The pages by which a batch is accepted 抽检: those of `forced` (they failed before) that
/// are among `pages`, and others up to sample_size(), drawn with the seed. The same pages, plan
/// and seed give the same sample on every machine: whoever doubts the drawing repeats it. In
/// number order.
std::vector<PageNumber> draw_sample(const std::vector<PageNumber>& pages,
                                    const std::vector<PageNumber>& forced, const SamplingPlan& plan,
                                    std::uint64_t seed);

/// True when enough of the drawn pages are without a fault. REQUIRES: faulty <= drawn.
bool sample_passes(std::size_t drawn, std::size_t faulty, const SamplingPlan& plan);

}  // namespace archive
