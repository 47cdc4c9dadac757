#include "config/check_tables.h"

namespace archive {

CheckTables CheckTables::load(const std::filesystem::path& config_folder) {
  return {CheckRules::load(config_folder), FormCatalogue::load(config_folder)};
}

}  // namespace archive
