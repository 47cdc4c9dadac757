#include "core/records.h"

#include <algorithm>

namespace archive {

std::int64_t AcceptanceRecord::faulty() const {
  return std::ranges::count_if(sample, [](const SampledPage& page) { return page.faulty(); });
}

}  // namespace archive
