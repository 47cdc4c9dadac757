#include "config/check_tables.h"

#include <algorithm>
#include <iterator>

#include "config/table_version.h"

namespace archive {

CheckTables CheckTables::load(const std::filesystem::path& config_folder) {
  CheckTables tables{CheckRules::load(config_folder), FormCatalogue::load(config_folder), {}};
  auto files = files_below(config_folder / "checks", ".csv");
  std::ranges::copy(files_below(config_folder / "domain", ".csv"), std::back_inserter(files));
  tables.version = version_of("checks", config_folder, files);
  return tables;
}

}  // namespace archive
