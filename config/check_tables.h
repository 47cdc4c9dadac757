#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/check_rules.h"
#include "config/check_shapes.h"
#include "config/content_groups.h"
#include "config/forms.h"
#include "config/four_properties.h"
#include "config/must_haves.h"
#include "config/papers.h"
#include "config/parameters.h"
#include "config/pattern.h"
#include "config/person_facts.h"
#include "config/region_codes.h"
#include "config/retirement_ages.h"
#include "config/table_path.h"
#include "config/title_types.h"
#include "config/volume_tables.h"
#include "config/word_lists.h"

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
  Papers papers;
  Parameters parameters;
  CheckShapes shapes;
  WordLists words;
  RetirementAges retirement;
  RegionCodes regions;
  std::vector<Pattern> archive_numbers;  ///< one of them must match a whole number (V06)
  FourProperties four_properties;
  PersonFacts person_facts;
  ContentGroups content_groups;
  std::string version;  ///< SHA-256 over all of them: "checks-<16 hex digits>"

  /// Throws ArchiveError{settings} with file and line when a table is wrong.
  static CheckTables load(const TablePath& config_folder);
};

}  // namespace archive
