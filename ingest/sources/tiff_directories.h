#pragma once

#include <cstdint>
#include <vector>

#include "core/fault.h"
#include "core/result.h"
#include "ingest/sources/source_reader.h"

namespace archive {

/// Where the image directories of a TIFF or BigTIFF lie, in reading order.
struct TiffDirectories {
  std::vector<std::uint64_t> offsets;
  /// Why the chain was not followed to its end: a loop, or a pointer out of the file.
  std::string broken_off;
};

/// Follows the chain of directories without reading them. Each directory counts as a
/// page, whatever it says of itself: a page too many is seen, one too few is lost. A
/// chain that returns to itself ends where it does; one longer than `pages_max` is
/// too_many_pages. The walk is linear, where libtiff 4.5 searches a list at each step.
Result<TiffDirectories, PageFault> walk_directories(Bytes bytes, int pages_max);

}  // namespace archive
