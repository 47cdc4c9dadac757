#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "app/console.h"
#include "core/package.h"
#include "store/packages/bag.h"

// What the commands `package` and `bag` say.

namespace archive {


void print_package(const PackageRecord& package, const Console& say);

/// One line: what became of a dossier.
std::string package_line(const PackageRecord& package, const Console& say);

nlohmann::ordered_json bag_json(const BagReport& report);
std::string remark_text(const BagRemark& remark, const Console& say);

/// An identifier for a new package: the day, and chance enough that no other has it.
std::string new_package_id(const std::string& made_at);

/// Takes away what a kill left of packages that lay open in the archive's spool. REQUIRES: the
/// caller writes to the archive, so that nobody else does.
void clear_unfinished_packages(const std::filesystem::path& spool);

/// A small text file, such as a key. Throws ArchiveError{settings}.
std::string key_text(const std::filesystem::path& file);

}  // namespace archive
