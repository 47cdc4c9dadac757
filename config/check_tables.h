#pragma once

#include <filesystem>
#include <string>

#include "config/check_rules.h"
#include "config/forms.h"
#include "config/must_haves.h"
#include "config/title_types.h"
#include "config/volume_tables.h"

namespace archive {

/// Everything that dossiers are checked by, read as one whole: config/checks and the forms. Not
/// part of the version of the forms: what is checked otherwise need not be read again. Immutable
/// after loading.
struct CheckTables {
  CheckRules rules;
  FormCatalogue forms;
  MustHaves must_haves;
  VolumeTables volume;
  TitleTypes titles;
  std::string version;  ///< SHA-256 over all of them: "checks-<16 hex digits>"

  /// Throws ArchiveError{settings} with file and line when a table is wrong.
  static CheckTables load(const std::filesystem::path& config_folder);
};

}  // namespace archive
