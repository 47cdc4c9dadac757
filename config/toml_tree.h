#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archive {

/// A value of a TOML file with the line it stands on, so that whoever refuses it can
/// say where. A plain tree: the TOML library stays behind toml_tree.cpp.
struct TomlValue {
  enum class Kind { text, integer, number, boolean, list, table };

  Kind kind = Kind::table;
  int line = 0;
  std::string text;
  std::int64_t integer = 0;
  double number = 0;
  bool boolean = false;
  std::vector<TomlValue> items;                            ///< of a list
  std::vector<std::pair<std::string, TomlValue>> members;  ///< of a table, in file order

  /// The member of that name, or nullptr.
  const TomlValue* find(std::string_view name) const;
};

/// What a kind is called in a message: "a number", "a list" ...
std::string_view name_of(TomlValue::Kind kind);

/// Reads a TOML file of at most 1 MB. Throws ArchiveError{settings} with the file and
/// the line that cannot be read.
TomlValue read_toml(const std::filesystem::path& file);

/// The name in `known` that is closest to `word`, or nothing when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace archive
