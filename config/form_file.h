#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/forms.h"
#include "config/table_path.h"

namespace archive {

/// Reads config/forms/DTxx.toml. Throws ArchiveError{settings} with file and line: an
/// unknown key, a wrong kind of value, an empty label, a field twice, a pattern that
/// does not compile or has no group.
FormDescription read_form_file(const TablePath& file);

/// What a type or a choice of values is called in form files.
std::string_view name_of(ValueType type);
std::string_view name_of(Pick pick);

/// What config/forms/other_labels.toml says.
struct OtherLabels {
  std::vector<std::string> labels;   ///< whole labels
  std::vector<std::string> endings;  ///< words that labels end in
  std::vector<std::string> values;   ///< what resembles a label and is none
};
OtherLabels read_other_labels(const TablePath& file);

}  // namespace archive
