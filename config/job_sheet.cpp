#include "config/job_sheet.h"

#include <set>
#include <sstream>
#include <string>
#include <string_view>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "core/error.h"

namespace archive {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const toml::source_region& where,
                         const std::string& what) {
  throw ArchiveError(ErrorKind::settings, file.string() + ":" + std::to_string(where.begin.line),
                     what,
                     "write: sheets = 120, sides = 2, operator = \"...\", scanner = \"...\", "
                     "dpi = 300, category = \"...\"");
}

int whole_number(const std::filesystem::path& file, const toml::node& node, std::string_view key,
                 int least, int most) {
  const auto value = node.value<std::int64_t>();
  if (!node.is_integer() || !value || *value < least || *value > most) {
    refuse(file, node.source(),
           std::string(key) + " must be a whole number from " + std::to_string(least) + " to " +
               std::to_string(most));
  }
  return static_cast<int>(*value);
}

std::string words(const std::filesystem::path& file, const toml::node& node, std::string_view key) {
  if (!node.is_string()) refuse(file, node.source(), std::string(key) + " must be text");
  return *node.value<std::string>();
}

}  // namespace

std::optional<JobSheet> read_job_sheet(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kJobSheetName;
  if (!std::filesystem::exists(file)) return std::nullopt;

  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    refuse(file, error.source(), std::string(error.description()));
  }
  constexpr int kSheetsMax = 1'000'000;
  constexpr int kDpiMax = 2400;
  JobSheet sheet;
  for (const auto& [key, node] : table) {
    const std::string_view name = key.str();
    if (name == "sheets") {
      sheet.sheets = whole_number(file, node, name, 1, kSheetsMax);
    } else if (name == "sides") {
      sheet.sides = whole_number(file, node, name, 1, 2);
    } else if (name == "dpi") {
      sheet.dpi = whole_number(file, node, name, 1, kDpiMax);
    } else if (name == "operator") {
      sheet.operator_name = words(file, node, name);
    } else if (name == "scanner") {
      sheet.scanner = words(file, node, name);
    } else if (name == "category") {
      sheet.category = words(file, node, name);
      if (sheet.category == kOwnCategory) sheet.category.clear();
    } else {
      refuse(file, node.source(), "a job sheet has no key " + std::string(name));
    }
  }
  return sheet;
}

}  // namespace archive
