#include "config/region_codes.h"

#include <algorithm>

#include "config/csv_table.h"

namespace archive {

RegionCodes RegionCodes::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "regions.csv");
  RegionCodes regions;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& code = table.cell(row, "code");
    const bool digits = std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || code.size() < 2 || code.size() > 6) {
      table.refuse(row, "the code is not two to six digits");
    }
    regions.codes_.insert(code);
  }
  return regions;
}

bool RegionCodes::knows(std::string_view six_digits) const {
  for (std::size_t length = 2; length <= six_digits.size(); ++length) {
    if (codes_.contains(six_digits.substr(0, length))) return true;
  }
  return false;
}

}  // namespace archive
