#pragma once

#include <filesystem>

#include "config/table_path.h"

namespace archive {

/// How large the sample is by which a batch is accepted, and how good it must be
/// (config/checks/acceptance.csv).
struct SamplingPlan {
  double share = 0;       ///< of the pages, 0..1
  int pages_min = 0;      ///< drawn at least, or all there are
  double pass_share = 0;  ///< of the drawn pages, 0..1: so many must be without a fault

  /// Throws ArchiveError{settings} with file and line: a name nobody knows, one that is missing, a
  /// number out of range.
  static SamplingPlan load(const TablePath& config_folder);
};

}  // namespace archive
