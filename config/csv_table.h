#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"
#include "core/error.h"

namespace archive {

/// A table of a CSV file (RFC 4180: commas, quotes, UTF-8), or one with the same shape. The first
/// line names the columns; blank ones count for nothing.
class CsvTable {
 public:
  struct Row {
    int line = 0;
    std::vector<std::string> cells;
    bool of_office = false;  ///< stands in the office's table
  };

  /// Throws ArchiveError{settings} with file and line: not readable, larger than 4 MB,
  /// an open quote, or a row with another number of cells than the header. With an office's table
  /// over ours as config/office_tables.h tells; also when its columns are not ours. Lines that
  /// begin with '#' are comments.
  static CsvTable read(const TablePath& place);

  /// The same of bytes that came from elsewhere, whose lines are all rows; errors are of that kind
  /// and name `name`.
  static CsvTable parse(const std::string& name, std::string utf8, ErrorKind kind);

  /// The rows of bytes as they stand, each with as many cells as it has, one at least: no header,
  /// and lines that begin with '#' are comments.
  static std::vector<Row> rows_of(const std::string& name, std::string utf8, ErrorKind kind);

  /// The same of rows that were cut into cells elsewhere, such as those of a spreadsheet: one cell
  /// a column each.
  static CsvTable of(std::string name, ErrorKind kind, std::vector<std::string> columns,
                     std::vector<Row> rows);

  const std::vector<Row>& rows() const { return rows_; }
  const std::vector<std::string>& columns() const { return columns_; }
  /// The cell of a row under a column. Throws ArchiveError{settings} when the table has
  /// no such column.
  const std::string& cell(const Row& row, std::string_view column) const;
  /// An error about one row, ready to be thrown.
  [[noreturn]] void refuse(const Row& row, const std::string& problem) const;

 private:
  static CsvTable parse_without(const std::string& name, std::string utf8, ErrorKind kind,
                                const TablePath* place);
  void take_office(CsvTable office, const std::vector<std::string>& key);

  std::string name_;
  std::string office_name_;
  ErrorKind kind_ = ErrorKind::settings;
  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

/// The parts of a cell between '|'; an empty cell has none.
std::vector<std::string> list_of(std::string_view cell);

}  // namespace archive
