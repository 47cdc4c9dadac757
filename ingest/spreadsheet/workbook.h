#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/spreadsheet/cell_value.h"
#include "ingest/spreadsheet/sheet_limits.h"

namespace archive {

/// A cell with something in it. `text` is lent for the call that tells it.
struct SheetCell {
  int column = 0;  ///< from 0
  std::string_view text;
  CellFault fault = CellFault::none;
};

/// A row with something in it.
struct SheetRow {
  int number = 0;                ///< as the spreadsheet shows it, from 1
  std::vector<SheetCell> cells;  ///< from left to right
};

/// The sheets of an Excel workbook (Office Open XML, ECMA-376: .xlsx, .xlsm), read row by row
/// while they unpack. Formulas are not reckoned: what was last shown counts. Not thread-safe.
///
/// Everything throws ArchiveError{input_missing} with file and part: no workbook, a damaged one,
/// one beyond the limits.
class Workbook {
 public:
  /// `bytes` are lent for as long as the object lives; `name` is what errors call the file.
  Workbook(std::string name, std::string_view bytes, const SheetLimits& limits = {});
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  const std::vector<std::string>& sheets() const;  ///< their names, in the order of the tabs

  /// Tells the rows of a sheet (counted from 0) from above until `take` answers false.
  void read(std::size_t sheet, const std::function<bool(const SheetRow&)>& take) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The letters of a column counted from 0: A, B, ... Z, AA.
std::string column_letters(int column);

}  // namespace archive
