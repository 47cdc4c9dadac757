#include "config/check_tables.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/table_version.h"

namespace archive {

CheckTables CheckTables::load(const std::filesystem::path& config_folder) {
  CheckRules rules = CheckRules::load(config_folder);
  FormCatalogue forms = FormCatalogue::load(config_folder);
  MustHaves must_haves = MustHaves::load(config_folder, forms);
  VolumeTables volume = VolumeTables::load(config_folder, forms);
  TitleTypes titles(forms);
  auto files = files_below(config_folder / "checks", ".csv");
  std::ranges::copy(files_below(config_folder / "domain", ".csv"), std::back_inserter(files));
  return {std::move(rules),  std::move(forms),  std::move(must_haves),
          std::move(volume), std::move(titles), version_of("checks", config_folder, files)};
}

}  // namespace archive
