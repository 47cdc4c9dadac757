#include <cstdlib>
#include <string>
#include <vector>

#include "config/office_tables.h"
#include "config/settings.h"
#include "core/error.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// A folder is known by something that only the right one holds.
constexpr const char* kConfigSign = "domain/document_types.csv";
constexpr int kBuildTreeDepthMax = 6;

fs::path program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : program.parent_path();
}

struct Search {
  std::string what;         // "configuration tables"
  std::string variable;     // JUANZONG_CONFIG
  fs::path setting;         // the settings' word, may be empty
  fs::path beside_program;  // below the folder above the program's
  fs::path in_source;       // below a source tree
  fs::path installed;       // compiled in
  fs::path sign;            // must exist below the folder; empty: the folder alone
  ErrorKind kind;
  std::string advice;
};

/// Whoever names a folder means that one: no other is tried after a named one fails.
std::vector<fs::path> places(const Search& search) {
  if (!search.setting.empty()) return {search.setting};
  if (const char* named = std::getenv(search.variable.c_str()); named != nullptr && *named != 0) {
    return {fs::path(named)};
  }
  std::vector<fs::path> all;
  if (const fs::path program = program_folder(); !program.empty()) {
    all.push_back(program.parent_path() / search.beside_program);
    fs::path up = program;
    for (int i = 0; i < kBuildTreeDepthMax && up.has_relative_path(); ++i) {
      up = up.parent_path();
      all.push_back(up / search.in_source);
    }
  }
  all.push_back(search.installed);
  return all;
}

fs::path find(const Search& search) {
  std::string looked;
  for (const fs::path& place : places(search)) {
    std::error_code error;
    const fs::path sign = search.sign.empty() ? place : place / search.sign;
    if (fs::exists(sign, error)) return place;
    looked += (looked.empty() ? "" : ", ") + place.string();
  }
  throw ArchiveError(search.kind, looked, "no " + search.what + " found there", search.advice);
}

}  // namespace

TablePath place_of_tables(const Settings& settings) {
  const fs::path root = find({"configuration tables", "JUANZONG_CONFIG", settings.config_folder,
                              "share/juanzong/config", "config", JUANZONG_INSTALLED_CONFIG,
                              kConfigSign, ErrorKind::settings,
                              "install the program, or set JUANZONG_CONFIG"});
  if (settings.office_folder.empty()) return TablePath(root, fs::path());
  std::error_code error;
  if (!fs::is_directory(settings.office_folder, error)) {
    throw ArchiveError(ErrorKind::settings, settings.office_folder.string(),
                       "the office's folder is not there",
                       "correct office_folder in juanzong.toml, or make it \"\"");
  }
  return {root, settings.office_folder};
}

TablePath find_config_folder(const Settings& settings) {
  TablePath place = place_of_tables(settings);
  require_known_office_files(place);
  return place;
}

fs::path find_model_folder(const Settings& settings) {
  return find({"recognition models", "JUANZONG_MODELS", settings.ocr.model_folder,
               "share/juanzong/models", "third_party/models", JUANZONG_INSTALLED_MODELS, "",
               ErrorKind::model_missing, "run ./install.sh, or set JUANZONG_MODELS"});
}

}  // namespace archive
