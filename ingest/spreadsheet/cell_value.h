#pragma once

#include <string>
#include <string_view>

namespace archive {

/// Why a cell has no value that could be believed.
enum class CellFault {
  none,
  digits_lost,  ///< a number of more than 15 digits: the spreadsheet keeps no more
  no_day,       ///< shown as a date or a time, and no day of the calendar
  error_value,  ///< #REF!, #N/A and the like
  no_value,     ///< a formula that was never reckoned
};

/// What is wrong, and what to do about it; for errors. Never called for `none`.
struct CellFaultWords {
  std::string_view what;
  std::string_view what_to_do;
};
CellFaultWords words_of(CellFault fault);

/// How a spreadsheet shows a number.
struct NumberFormat {
  enum class Kind { number, day, month, year, time };
  Kind kind = Kind::number;  ///< month: 2017年6月, without a day; time: of day alone
  int digits = 0;            ///< shown with zeros in front up to so many digits

  friend bool operator==(const NumberFormat&, const NumberFormat&) = default;
};

/// The formats that every workbook knows by number (ECMA-376, 18.8.30, those of Chinese too).
NumberFormat built_in_format(int id);
/// A format that the workbook brings, such as yyyy"年"m"月"d"日".
NumberFormat format_of_code(std::string_view code);

/// The text of a cell.
struct CellText {
  std::string text;
  CellFault fault = CellFault::none;

  friend bool operator==(const CellText&, const CellText&) = default;
};

/// A number as the file has it written (1.23E+5), as text: whole numbers digit by digit, never
/// through floating point; others to the 15 digits that a spreadsheet keeps. Dates are told by
/// their format and become ISO 8601 at the precision shown; the time of day is left out.
/// `from_1904`: days are counted from 1 January 1904. A text that is no number stays as it is.
CellText number_text(std::string_view written, NumberFormat format, bool from_1904);

/// Undoes _xHHHH_, by which workbooks write characters that XML cannot have.
std::string without_escapes(std::string_view text);

}  // namespace archive
