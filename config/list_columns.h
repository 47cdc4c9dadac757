#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/forms.h"
#include "config/table_path.h"
#include "core/comparison_list.h"

namespace archive {

/// A column that comparison lists may have.
struct ListColumn {
  ListKind kind{};
  std::string field;  ///< id in config/forms; the same in all forms it stands on
  bool key = false;   ///< tells the person, employer or month the row is about
  ValueType type = ValueType::text;
  std::vector<std::string> labels;  ///< headings it may have, blanks left out
};

/// Which columns comparison lists have, and which kind of list their keys make
/// (config/checks/list_columns.csv). Immutable after loading.
class ListColumns {
 public:
  /// Throws ArchiveError{settings} with file and line: an unknown kind, type or field, a heading
  /// that stands for two columns of one kind, a kind without a key.
  static ListColumns load(const TablePath& config_folder, const FormCatalogue& forms);

  const std::vector<ListColumn>& columns() const { return columns_; }
  /// The column of that kind under a heading; null when nobody knows it.
  const ListColumn* under(ListKind kind, std::string_view heading) const;
  std::vector<const ListColumn*> keys(ListKind kind) const;

 private:
  std::vector<ListColumn> columns_;
};

}  // namespace archive
