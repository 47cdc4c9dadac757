#include "app/config_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "config/config_check.h"
#include "config/office_tables.h"
#include "config/settings.h"
#include "config/toml_tree.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::filesystem::path settings_file(const ConfigOptions& options) {
  if (!options.file.empty()) return options.file;
  return ArchiveFolder::open(options.archive).settings_file();
}

void print(const Json& json, const Console& say) {
  say.result_json(json);
}

/// "folder/juanzong.toml:12" is a file and a line.
Json problem_json(const ArchiveError& problem) {
  const std::string& where = problem.where();
  const std::size_t colon = where.rfind(':');
  const bool has_line = colon != std::string::npos && colon + 1 < where.size() &&
                        where.find_first_not_of("0123456789", colon + 1) == std::string::npos;
  return {{"file", has_line ? where.substr(0, colon) : where},
          {"line", has_line ? std::stoi(where.substr(colon + 1)) : 0},
          {"what", problem.problem()},
          {"what_to_do", problem.what_to_do()}};
}

std::string_view word_of(OfficeTable office, const Console& say) {
  switch (office) {
    case OfficeTable::rows:
      return say("逐行覆盖或补充", "row by row");
    case OfficeTable::whole:
      return say("整表替换", "as a whole");
    case OfficeTable::none:
      break;
  }
  return say("不可", "no");
}

std::string_view name_of(OfficeTable office) {
  if (office == OfficeTable::rows) return "rows";
  return office == OfficeTable::whole ? "whole" : "no";
}

int explain_tables(const ConfigOptions& options, const Console& say) {
  const TablePath root = find_config_folder(read_settings(settings_file(options)));
  const std::vector<std::string> own = office_files(root);
  Json list = Json::array();
  for (const TableFacts& table : tables_of(root.root())) {
    Json files = Json::array();
    for (const std::string& file : own) {
      if (table.is(file)) files.push_back((root / file).office().string());
    }
    if (say.json()) {
      list.push_back({{"table", table.name},
                      {"office", name_of(table.office)},
                      {"key", table.key},
                      {"zh", table.zh},
                      {"en", table.en},
                      {"office_files", std::move(files)}});
      continue;
    }
    say.result(fmt::format("{} {} {}", fit_columns(table.name, 32),
                           fit_columns(word_of(table.office, say), 16), say(table.zh, table.en)));
    for (const Json& file : files) {
      say.result(fmt::format("    {} {}", say("本单位：", "the office's:"),
                             file.get<std::string>()));
    }
  }
  if (say.json()) {
    print({{"config_folder", root.root().string()},
           {"office_folder", root.office_root().string()},
           {"tables", std::move(list)}},
          say);
  }
  return 0;
}

std::string source_of(const SettingShown& one, const std::filesystem::path& file,
                      const Console& say) {
  if (one.line == 0) return std::string(say("默认值", "default"));
  return fmt::format("{}:{}", file.string(), one.line);
}

Json setting_json(const SettingShown& one, const std::filesystem::path& file) {
  return {{"key", one.path()},
          {"value", one.value},
          {"default", one.standard},
          {"source", one.line == 0 ? "default" : "file"},
          {"file", one.line == 0 ? "" : file.string()},
          {"line", one.line},
          {"unit", {{"zh", one.unit_zh}, {"en", one.unit_en}}},
          {"range", one.range},
          {"meaning", {{"zh", one.zh}, {"en", one.en}}}};
}

[[noreturn]] void refuse_key(const std::string& key, const std::vector<SettingShown>& all) {
  std::vector<std::string> paths;
  for (const SettingShown& one : all) paths.push_back(one.path());
  const std::string_view near = nearest(key, {paths.begin(), paths.end()});
  throw ArchiveError(ErrorKind::usage, "config explain " + key,
                     "there is no setting '" + key + "'" +
                         (near.empty() ? "" : "; nearest: '" + std::string(near) + "'"),
                     "`juanzong config explain` lists every setting");
}

}  // namespace

int run_config_check(const ConfigOptions& options, const Console& say) {
  const std::filesystem::path file = settings_file(options);
  Settings settings;
  std::vector<ArchiveError> problems = problems_of_settings(file, settings);
  ConfigLook look;
  try {
    look = look_at_configuration(place_of_tables(settings));
  } catch (const ArchiveError& error) {
    problems.push_back(error);
  }
  std::ranges::copy(look.problems, std::back_inserter(problems));
  if (say.json()) {
    Json list = Json::array();
    for (const ArchiveError& problem : problems) list.push_back(problem_json(problem));
    print({{"settings", file.string()},
           {"tables", look.read},
           {"not_looked_at", look.not_read},
           {"office_files", look.of_office},
           {"problems", std::move(list)}},
          say);
    return problems.empty() ? 0 : static_cast<int>(ErrorKind::settings);
  }
  for (const ArchiveError& problem : problems) {
    say.result(problem.where());
    say.result("    " + problem.problem());
    say.result(fmt::format("    {}{}", say("办法：", "what to do: "), problem.what_to_do()));
  }
  for (const std::string& table : look.not_read) {
    say.result(fmt::format("{}: {}", say("改正上述问题后再查", "looked at when those are mended"),
                           table));
  }
  say.result(fmt::format("{}: {}; {}: {}; {}: {}", say("问题", "problems"), problems.size(),
                         say("已查配置表", "tables looked at"), look.read.size(),
                         say("其中本单位文件", "files of the office"), look.of_office.size()));
  return problems.empty() ? 0 : static_cast<int>(ErrorKind::settings);
}

int run_config_explain(const ConfigOptions& options, const Console& say) {
  if (options.tables) return explain_tables(options, say);
  const std::filesystem::path file = settings_file(options);
  const std::vector<SettingShown> all = settings_shown(file);
  Json list = Json::array();
  bool found = false;
  for (const SettingShown& one : all) {
    const bool asked = options.key.empty() || one.path() == options.key ||
                       one.section == options.key || one.section.starts_with(options.key + ".");
    if (!asked) continue;
    found = true;
    if (say.json()) {
      list.push_back(setting_json(one, file));
      continue;
    }
    say.result(fmt::format("{} = {}{}{}", one.path(), one.value, one.unit_en.empty() ? "" : " ",
                           say(one.unit_zh, one.unit_en)));
    say.result(fmt::format("    {}", say(one.zh, one.en)));
    say.result(fmt::format("    {}: {}; {}: {}; {}: {}", say("来源", "from"),
                           source_of(one, file, say), say("默认", "default"), one.standard,
                           say("取值", "range"), one.range));
  }
  if (!found) refuse_key(options.key, all);
  if (say.json()) print({{"settings", std::move(list)}}, say);
  return 0;
}

}  // namespace archive
