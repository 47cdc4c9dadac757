#include "config/toml_tree.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/error.h"

namespace archive {
namespace {

constexpr std::size_t kFileBytesMax = 1U << 20;

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

TomlValue value_of(const toml::node& node);

TomlValue list_of(const toml::array& array) {
  TomlValue value;
  value.kind = TomlValue::Kind::list;
  for (const toml::node& item : array) value.items.push_back(value_of(item));
  return value;
}

TomlValue table_of(const toml::table& table) {
  TomlValue value;
  value.kind = TomlValue::Kind::table;
  for (const auto& [key, member] : table) {
    value.members.emplace_back(std::string(key.str()), value_of(member));
    // A member's own line is where its value begins; the key says more.
    value.members.back().second.line = static_cast<int>(key.source().begin.line);
  }
  std::ranges::stable_sort(value.members, {}, [](const auto& m) { return m.second.line; });
  return value;
}

TomlValue value_of(const toml::node& node) {
  TomlValue value;
  if (const auto* table = node.as_table()) {
    value = table_of(*table);
  } else if (const auto* array = node.as_array()) {
    value = list_of(*array);
  } else if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::text;
    value.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = TomlValue::Kind::integer;
    value.integer = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.kind = TomlValue::Kind::number;
    value.number = number->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::boolean;
    value.boolean = boolean->get();
  } else {
    throw ArchiveError(ErrorKind::settings, "line " + std::to_string(line_of(node)),
                       "dates and times have no place here", "write it as text, in quotes");
  }
  value.line = line_of(node);
  return value;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw ArchiveError(ErrorKind::settings, file.string(), "the file cannot be read",
                       "check that it is there and may be read");
  }
  std::string bytes(kFileBytesMax + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (bytes.size() > kFileBytesMax) {
    throw ArchiveError(ErrorKind::settings, file.string(), "the file is larger than 1 MB",
                       "this is no settings file");
  }
  return bytes;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, [](const auto& m) { return m.first; });
  return found == members.end() ? nullptr : &found->second;
}

std::string_view name_of(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::text:
      return "a text";
    case TomlValue::Kind::integer:
      return "a whole number";
    case TomlValue::Kind::number:
      return "a number";
    case TomlValue::Kind::boolean:
      return "true or false";
    case TomlValue::Kind::list:
      return "a list";
    case TomlValue::Kind::table:
      return "a table";
  }
  return "something else";
}

TomlValue read_toml(const std::filesystem::path& file) {
  const std::string bytes = bytes_of(file);
  try {
    return table_of(toml::parse(bytes, file.string()));
  } catch (const toml::parse_error& error) {
    throw ArchiveError(ErrorKind::settings,
                       file.string() + ":" + std::to_string(error.source().begin.line),
                       std::string(error.description()), "correct the line");
  } catch (const ArchiveError& error) {
    throw ArchiveError(error.kind(), file.string() + ", " + error.where(), error.problem(),
                       error.what_to_do());
  }
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (std::string_view name : known) {
    const std::size_t distance = edit_distance(word.substr(0, 64), name);
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

}  // namespace archive
