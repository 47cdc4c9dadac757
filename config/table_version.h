#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"

namespace archive {

/// The files of a folder with this extension, ours and those that an office adds, in name order.
/// Throws ArchiveError{settings} when our folder cannot be read.
std::vector<TablePath> files_below(const TablePath& folder, std::string_view extension);

/// SHA-256 over the names and bytes of the files, in the order given: "<what>-<16 hex digits>".
/// What an office has counts as well.
std::string version_of(std::string_view what, const std::vector<TablePath>& files);

}  // namespace archive
