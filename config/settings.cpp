#include "config/settings.h"

#include <algorithm>
#include <map>
#include <vector>

#include "config/settings_keys.h"
#include "config/toml_tree.h"

// Its test is tests/config/settings_test.cpp.

namespace archive {
namespace {

constexpr const char* kEveryKey = "`juanzong config explain` lists every setting";

bool is_section(std::string_view name) {
  return std::ranges::any_of(setting_keys(), [&](const SettingKey& key) {
    return key.section == name || key.section.starts_with(std::string(name) + ".");
  });
}

class SettingsFile {
 public:
  explicit SettingsFile(std::filesystem::path file)
      : file_(std::move(file)), base_(std::filesystem::absolute(file_).parent_path()) {}

  void read() {
    try {
      take_table("", read_toml(file_));
    } catch (const ArchiveError& error) {
      problems_.push_back(error);
    }
  }
  const Settings& settings() const { return settings_; }
  const std::vector<ArchiveError>& problems() const { return problems_; }
  /// The line of a key that the file names; 0: it does not.
  int line_of(const std::string& path) const {
    const auto found = lines_.find(path);
    return found == lines_.end() ? 0 : found->second;
  }
  void refuse(int line, const std::string& problem, const std::string& advice) {
    const std::string where = file_.string() + (line > 0 ? ":" + std::to_string(line) : "");
    problems_.emplace_back(ErrorKind::settings, where, problem, advice);
  }

 private:
  void take_table(const std::string& section, const TomlValue& table) {
    for (const auto& [name, value] : table.members) {
      const std::string path = (section.empty() ? "" : section + ".") + name;
      if (is_section(path) && value.kind == TomlValue::Kind::table) {
        take_table(path, value);
      } else {
        take_key(section, name, path, value);
      }
    }
  }

  void take_key(const std::string& section, const std::string& name, const std::string& path,
                const TomlValue& value) {
    const auto known = std::ranges::find_if(setting_keys(), [&](const SettingKey& key) {
      return key.section == section && key.name == name;
    });
    if (known == setting_keys().end()) return refuse_unknown(name, path, value.line);
    lines_[path] = value.line;
    const std::string wrong = known->kind.take(settings_, value, base_);
    if (wrong.empty()) return;
    const std::string unit = known->unit.empty() ? "" : " " + std::string(known->unit);
    refuse(value.line, path + ": " + wrong,
           "correct the value (" + known->kind.range + unit + ")");
  }

  void refuse_unknown(const std::string& name, const std::string& path, int line) {
    if (is_section(path)) {
      return refuse(line, "no setting '" + path + "': it is a section",
                    "correct it: a line [" + path + "] begins a section, its keys stand below");
    }
    std::vector<std::string> paths;
    for (const SettingKey& key : setting_keys()) {
      if (key.name == name) {
        return refuse(line, "the key '" + name + "' does not belong here",
                      key.section.empty()
                          ? "move it above the first section"
                          : "move it to the section [" + std::string(key.section) + "]");
      }
      paths.push_back(key.path());
      if (!key.section.empty()) paths.emplace_back(key.section);
    }
    const std::string_view near = nearest(path, {paths.begin(), paths.end()});
    refuse(line,
           "no setting '" + path + "'" +
               (near.empty() ? "" : "; nearest: '" + std::string(near) + "'"),
           std::string("correct or remove the line; ") + kEveryKey);
  }

  std::filesystem::path file_;
  std::filesystem::path base_;
  Settings settings_;
  std::map<std::string, int> lines_;
  std::vector<ArchiveError> problems_;
};

/// What can each be right, and not together.
void look_for_contradictions(SettingsFile& file) {
  const Settings& settings = file.settings();
  if (settings.ocr.unsure_confidence > settings.ocr.sure_confidence) {
    file.refuse(file.line_of("ocr.unsure_confidence"),
                "ocr.unsure_confidence is above ocr.sure_confidence: a line would be sure and "
                "go to a person as well",
                "make it less, or the other more");
  }
  if (settings.uploads.file_bytes_max > settings.ingest.decode.file_bytes_max) {
    file.refuse(file.line_of("uploads.file_bytes_max"),
                "uploads.file_bytes_max is above ingest.decode.file_bytes_max: what is uploaded "
                "would be set aside as too large",
                "make it no more than that");
  }
}

}  // namespace

Settings read_settings(const std::filesystem::path& file) {
  SettingsFile reading(file);
  reading.read();
  if (!reading.problems().empty()) throw ArchiveError(reading.problems().front());
  return reading.settings();
}

std::vector<ArchiveError> problems_of_settings(const std::filesystem::path& file,
                                               Settings& settings) {
  SettingsFile reading(file);
  reading.read();
  look_for_contradictions(reading);
  settings = reading.settings();
  return reading.problems();
}

std::vector<SettingShown> settings_shown(const std::filesystem::path& file) {
  SettingsFile reading(file);
  reading.read();
  if (!reading.problems().empty()) throw ArchiveError(reading.problems().front());
  const Settings defaults;
  std::vector<SettingShown> shown;
  for (const SettingKey& key : setting_keys()) {
    shown.push_back({std::string(key.section), std::string(key.name),
                     std::string(unit_in_chinese(key.unit)), std::string(key.unit),
                     key.kind.range, std::string(key.zh), std::string(key.en),
                     key.kind.show(reading.settings()), key.kind.show(defaults),
                     reading.line_of(key.path())});
  }
  return shown;
}

std::string settings_template() {
  const Settings defaults;
  std::string text =
      "# 本档案库的设置。每项均为默认值，可改可删；"
      "改后用 juanzong config check 检查。\n"
      "# Settings of this archive. Each key shows its default and may be left out.\n"
      "# `juanzong config check` looks for mistakes, `juanzong config explain` tells what holds.\n"
      "# Folders and files are relative to the folder of this file.\n";
  std::string_view section;
  for (const SettingKey& key : setting_keys()) {
    if (key.section != section) {
      section = key.section;
      text += "\n[" + std::string(section) + "]\n";
    }
    text += "\n# " + std::string(key.zh) + "\n# " + std::string(key.en) + "\n";
    text += std::string(key.name) + " = " + key.kind.show(defaults) + "  # ";
    if (!key.unit.empty()) text += std::string(key.unit) + ", ";
    text += key.kind.range + "\n";
  }
  return text;
}

}  // namespace archive
