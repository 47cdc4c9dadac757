#include "config/sampling_plan.h"

#include <charconv>
#include <map>
#include <string>
#include <system_error>

#include "config/csv_table.h"

namespace archive {
namespace {

double number_of(const CsvTable& table, const CsvTable::Row& row, double most) {
  const std::string& text = table.cell(row, "value");
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || value < 0 || value > most) {
    table.refuse(row, "the value is no number up to " + std::to_string(static_cast<int>(most)));
  }
  return value;
}

}  // namespace

SamplingPlan SamplingPlan::load(const TablePath& config_folder) {
  constexpr double kPagesMost = 10'000;
  const TablePath file = config_folder / "checks" / "acceptance.csv";
  const CsvTable table = CsvTable::read(file);
  std::map<std::string, double> values;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& name = table.cell(row, "name");
    if (name != "share" && name != "pages_min" && name != "pass_share") {
      table.refuse(row, "'" + name + "' is none of share, pages_min, pass_share");
    }
    const double value = number_of(table, row, name == "pages_min" ? kPagesMost : 1);
    if (!values.emplace(name, value).second) table.refuse(row, "'" + name + "' stands twice");
  }
  for (const char* name : {"share", "pages_min", "pass_share"}) {
    if (values.contains(name)) continue;
    throw ArchiveError(ErrorKind::settings, file.string(), "'" + std::string(name) + "' is missing",
                       "add its row");
  }
  return {values["share"], static_cast<int>(values["pages_min"]), values["pass_share"]};
}

}  // namespace archive
