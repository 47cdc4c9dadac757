#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "config/toml_tree.h"

namespace archive {

/// What a key may be, and which member of the settings it sets.
struct SettingKind {
  /// Takes a value; answers what is wrong with it, or nothing. A folder or file that is named
  /// relative to the settings file is told so by `base`, that file's folder.
  std::function<std::string(Settings&, const TomlValue&, const std::filesystem::path& base)> take;
  std::function<std::string(const Settings&)> show;  ///< as the file would have it
  std::string range;                                 ///< "0–1024"
};

/// A key of juanzong.toml. The file that `init` writes, the reader, `config explain` and
/// docs/CONFIGURATION.md are made of this one table.
struct SettingKey {
  std::string_view section;  ///< "" for the top of the file
  std::string_view name;
  std::string_view unit;
  std::string_view zh, en;  ///< what it is for
  SettingKind kind;

  std::string path() const {
    return (section.empty() ? "" : std::string(section) + ".") + std::string(name);
  }
};

/// "days" is "天"; what is the same in both stays.
std::string_view unit_in_chinese(std::string_view unit);

/// In the order of the file.
const std::vector<SettingKey>& setting_keys();

}  // namespace archive
