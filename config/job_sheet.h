#pragma once

#include <filesystem>
#include <optional>

#include "core/records.h"

namespace archive {

/// The name of the file beside the scans that says how many there should be:
///
///     sheets = 120        # sheets of paper, counted before scanning
///     sides = 2           # 1 or 2
///     operator = "..."    # who scanned
///     scanner = "..."
///     dpi = 300
///     category = "..."    # 门类, where it is not 社会保险业务档案
inline constexpr const char* kJobSheetName = "jobsheet.toml";

/// The category 门类 whose papers this program reads; said or not said is the same.
inline constexpr const char* kOwnCategory = "社会保险业务档案";

/// The job sheet of a folder, nothing when there is none. A sheet that cannot be
/// understood throws ArchiveError{settings} with the line: a wrong count must not
/// pass for no count.
std::optional<JobSheet> read_job_sheet(const std::filesystem::path& folder);

}  // namespace archive
