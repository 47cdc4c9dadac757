#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"

namespace archive {

/// What an office's table of the same name does to ours.
enum class OfficeTable {
  rows,   ///< a row with the same key takes the place of ours, or strikes it when its first cell
          ///< begins with '-'; any other is added
  whole,  ///< it takes the place of ours
  none,   ///< there may be none
};

/// A table of the configuration, as config/tables.csv tells of it.
struct TableFacts {
  std::string name;  ///< "domain/retention.csv"; of several: "forms/*.toml"
  OfficeTable office = OfficeTable::none;
  std::vector<std::string> key;  ///< columns by which rows are the same; empty: the whole row
  std::string zh, en;            ///< what it is about

  bool is(std::string_view table) const;
};

/// Throws ArchiveError{settings} with file and line.
std::vector<TableFacts> tables_of(const std::filesystem::path& root);

/// What holds for this table. Throws ArchiveError{settings} naming the nearest when there is no
/// table of that name, or when an office may have none of its own.
TableFacts facts_of_office_table(const TablePath& place);

/// The CSV and TOML files below the office's folder, by name, without its settings file.
std::vector<std::string> office_files(const TablePath& root);

/// Throws what facts_of_office_table() does for the first file that is no table: a mistyped name
/// would be a table that nobody reads.
void require_known_office_files(const TablePath& root);

}  // namespace archive
