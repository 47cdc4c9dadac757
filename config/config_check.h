#pragma once

#include <string>
#include <vector>

#include "config/table_path.h"
#include "core/error.h"

namespace archive {

/// What a look at every table of the configuration found.
struct ConfigLook {
  std::vector<ArchiveError> problems;  ///< each with file and line, as the reader would throw it
  std::vector<std::string> read;       ///< tables that were looked at
  std::vector<std::string> not_read;   ///< those that need another which cannot be read yet
  std::vector<std::string> of_office;  ///< files of the office, by name
};

/// Reads every table as the program would, and again without what was wrong, until all that is
/// wrong is found. What follows from a fault elsewhere (a form whose type's row is wrong) is not
/// told: it goes away with it.
ConfigLook look_at_configuration(const TablePath& root);

}  // namespace archive
