#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/pattern.h"
#include "config/table_path.h"

namespace archive {

/// Says by its words whose seal it is: config/domain/seal_owners.csv. Immutable.
class SealOwners {
 public:
  static constexpr std::string_view kUnit = "unit_seal";      ///< 单位公章
  static constexpr std::string_view kAgency = "agency_seal";  ///< 社保机构业务专用章

  /// Throws ArchiveError{settings} with file and line: a row whose field is none of these,
  /// or whose expression does not compile.
  static SealOwners load(const TablePath& file);

  /// kUnit, kAgency, or empty: neither, or nobody can say.
  std::string field_of(std::string_view seal_text) const;

 private:
  std::vector<std::pair<Pattern, std::string>> rows_;
};

}  // namespace archive
